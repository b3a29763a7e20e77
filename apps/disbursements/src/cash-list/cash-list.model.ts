import { ArgsType, Field, Int, ObjectType } from '@nestjs/graphql';
import { IsOptional } from 'class-validator';
import { connectionType, Day, enumType, Instant, PageArgs } from '@ansinh/graphql';
import { CountAndAmountModel } from '../batch/batch.model.js';
import { cashListStates } from './cash-list.dto.js';

const CashListStateType = enumType(
  'CashListState',
  cashListStates,
  'APPROVED is not handed out yet; ISSUED waits for results; SETTLED has one for each line',
);

@ObjectType('CashList', { description: 'What the post office pays out in one commune' })
class CashListModel {
  @Field(() => Int, { description: 'Number within the batch' })
  number: number;

  @Field({ description: 'What stands on the paper: LO-00000042-C00001' })
  code: string;

  @Field()
  placeCode: string;

  @Field({ description: 'As the commune was called on the day of the list' })
  placeName: string;

  @Field(() => CashListStateType)
  state: string;

  @Field(() => CountAndAmountModel)
  approved: CountAndAmountModel;

  @Field(() => CountAndAmountModel)
  paid: CountAndAmountModel;

  @Field(() => CountAndAmountModel)
  unpaid: CountAndAmountModel;

  @Field(() => CountAndAmountModel, { description: 'Lines without a result yet' })
  missing: CountAndAmountModel;

  @Field(() => Instant, { nullable: true })
  issuedAt: string | null;

  @Field(() => Day, { nullable: true })
  resultsDueOn: string | null;
}

export const CashListConnection = connectionType('CashList', CashListModel);

@ArgsType()
export class CashListArgs extends PageArgs {
  @Field(() => CashListStateType, { nullable: true })
  @IsOptional()
  state?: string | null;
}
