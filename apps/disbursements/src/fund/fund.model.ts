import { ArgsType, Directive, Field, ID, ObjectType } from '@nestjs/graphql';
import { IsISO8601, IsOptional } from 'class-validator';
import { connectionType, Instant, Vnd } from '@ansinh/graphql';

@ObjectType('FundAccount')
class FundAccountModel {
  @Field({ description: 'NAPAS BIN of the bank' })
  bin: string;

  @Field()
  number: string;

  @Field()
  name: string;
}

@ObjectType('Fund', { description: 'Money of one budget source for some programmes, paid from one account' })
@Directive('@key(fields: "id")')
export class FundModel {
  @Field(() => ID)
  id: string;

  @Field()
  code: string;

  @Field()
  name: string;

  @Field()
  budgetSource: string;

  @Field(() => [String])
  programmeCodes: string[];

  @Field()
  channel: string;

  @Field(() => FundAccountModel)
  account: FundAccountModel;

  @Field()
  officeCode: string;
}

export const FundConnection = connectionType('Fund', FundModel);

@ObjectType('FundBalance', { description: 'allotted = available + reserved + inFlight + paid' })
export class FundBalanceModel {
  @Field(() => Instant)
  at: string;

  @Field(() => Vnd, { description: 'Everything ever given to the fund' })
  allotted: string;

  @Field(() => Vnd)
  available: string;

  @Field(() => Vnd, { description: 'Approved, not yet sent' })
  reserved: string;

  @Field(() => Vnd, { description: 'Sent, not yet confirmed by a statement' })
  inFlight: string;

  @Field(() => Vnd)
  paid: string;
}

@ArgsType()
export class FundBalanceArgs {
  @Field(() => Instant, { nullable: true, description: 'Any past moment; now where absent' })
  @IsOptional()
  @IsISO8601({ strict: true })
  at?: string | null;
}
