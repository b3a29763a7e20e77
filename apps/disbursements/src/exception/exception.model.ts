import { ArgsType, Field, ID, ObjectType } from '@nestjs/graphql';
import { IsOptional, IsUUID } from 'class-validator';
import { connectionType, Day, enumType, Instant, PageArgs, Vnd } from '@ansinh/graphql';
import { exceptionCodes, resolutions } from './exception.dto.js';

const ExceptionCodeType = enumType(
  'ExceptionCode',
  exceptionCodes,
  'What a bank did that is not what we asked',
);

const ExceptionStatusType = enumType(
  'ExceptionStatus',
  ['open', 'resolved'],
  'Whether somebody still has to look',
);

export const DirectionType = enumType(
  'Direction',
  ['debit', 'credit'],
  'Out of our account, or back into it',
);

const ResolutionType = enumType('Resolution', resolutions, 'What was done about an exception');

@ObjectType('PaymentException')
export class PaymentExceptionModel {
  @Field(() => ID)
  id: string;

  @Field(() => ExceptionCodeType)
  code: string;

  @Field()
  endToEndId: string;

  @Field(() => DirectionType)
  direction: string;

  @Field(() => Vnd, { nullable: true, description: 'What we asked for' })
  expectedAmount: string | null;

  @Field(() => Vnd, { description: 'What the bank moved' })
  observedAmount: string;

  @Field(() => Day, { nullable: true })
  bookedOn: string | null;

  @Field({ description: 'The bank’s reference' })
  reference: string;

  @Field(() => ExceptionStatusType)
  status: string;

  @Field(() => String, { nullable: true, description: 'Who looks into it' })
  owner: string | null;

  @Field(() => ResolutionType, { nullable: true })
  resolution: string | null;

  @Field(() => String, { nullable: true })
  note: string | null;

  @Field(() => String, { nullable: true })
  resolvedBy: string | null;

  @Field(() => Instant)
  at: string;
}

export const PaymentExceptionConnection = connectionType('PaymentException', PaymentExceptionModel);

@ArgsType()
export class BatchExceptionArgs extends PageArgs {
  @Field(() => ExceptionStatusType, { nullable: true })
  @IsOptional()
  status?: string | null;

  @Field(() => ExceptionCodeType, { nullable: true })
  @IsOptional()
  code?: string | null;
}

@ArgsType()
export class ExceptionArgs extends BatchExceptionArgs {
  @Field(() => ID, { nullable: true })
  @IsOptional()
  @IsUUID()
  batchId?: string | null;
}
