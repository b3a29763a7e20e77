import { ArgsType, Directive, Field, ID, Int, ObjectType } from '@nestjs/graphql';
import { IsOptional, IsUUID, Matches } from 'class-validator';
import { Day, connectionType, enumType, Instant, PageArgs, Vnd } from '@ansinh/graphql';
import { FindingCodeType } from '../finding/finding.model.js';
import { type BatchState, batchStates } from './batch.states.js';

const BatchStateType = enumType('BatchState', batchStates, 'Where a batch stands in its life');

const OnBlockingType = enumType(
  'OnBlocking',
  ['stop', 'setAside'],
  'What lines with blocking findings do: stop the batch, or stand aside while the others are paid',
);

@ObjectType('FindingCount')
export class FindingCountModel {
  @Field(() => FindingCodeType)
  code: string;

  @Field(() => Int)
  block: number;

  @Field(() => Int)
  warn: number;

  @Field(() => Int, { description: 'Of these, waived by name' })
  waived: number;
}

@ObjectType('Approval')
class ApprovalModel {
  @Field()
  by: string;

  @Field()
  name: string;

  @Field(() => Instant)
  at: string;
}

@ObjectType('ChunkCounts', { description: 'Messages to the bank, by what became of them' })
class ChunkCountsModel {
  @Field(() => Int)
  total: number;

  @Field(() => Int)
  pending: number;

  @Field(() => Int)
  sending: number;

  @Field(() => Int)
  accepted: number;

  @Field(() => Int)
  refused: number;

  @Field(() => Int, { description: 'Sent, and not answered: asked for, never sent again blindly' })
  unknown: number;

  @Field(() => Int, { description: 'Gave up; resumed by transmitBatch' })
  dead: number;
}

@ObjectType('CountAndAmount')
export class CountAndAmountModel {
  @Field(() => Int)
  count: number;

  @Field(() => Vnd)
  amount: string;
}

@ObjectType('BatchTotals', {
  description: 'approved = paid + returned + refused + inFlight, by count and amount',
})
class BatchTotalsModel {
  @Field(() => CountAndAmountModel)
  approved: CountAndAmountModel;

  @Field(() => CountAndAmountModel)
  paid: CountAndAmountModel;

  @Field(() => CountAndAmountModel)
  returned: CountAndAmountModel;

  @Field(() => CountAndAmountModel)
  refused: CountAndAmountModel;

  @Field(() => CountAndAmountModel)
  inFlight: CountAndAmountModel;
}

@ObjectType('Batch', { description: 'A list of payments on its way from import to reconciliation' })
@Directive('@key(fields: "id")')
export class BatchModel {
  @Field(() => ID)
  id: string;

  @Field({ description: 'What people say: LO-00000042' })
  code: string;

  @Field()
  programmeCode: string;

  @Field()
  purpose: string;

  @Field({ description: 'Month or year that is paid for' })
  period: string;

  @Field()
  channel: string;

  @Field()
  officeCode: string;

  @Field(() => BatchStateType)
  state: BatchState;

  @Field(() => OnBlockingType)
  onBlocking: string;

  @Field(() => Int, { description: 'Lines of the list: kept + setAside' })
  rows: number;

  @Field(() => Int)
  kept: number;

  @Field(() => Int)
  setAside: number;

  @Field(() => Vnd, { description: 'Sum of the kept lines' })
  amount: string;

  @Field(() => String, { nullable: true, description: 'SHA-256 of what is signed, once submitted' })
  digest: string | null;

  @Field(() => Int)
  requiredApprovals: number;

  @Field(() => [ApprovalModel])
  approvals: ApprovalModel[];

  @Field()
  createdBy: string;

  @Field(() => Instant)
  createdAt: string;

  @Field(() => String, { nullable: true })
  submittedBy: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'Code of the batch whose returned lines it pays again',
  })
  followUpOf: string | null;

  @Field(() => Day, {
    nullable: true,
    description: 'By when the post office has to say who was paid; null where a bank pays',
  })
  resultsDueOn: string | null;

  @Field(() => ChunkCountsModel)
  chunks: ChunkCountsModel;

  @Field(() => BatchTotalsModel)
  totals: BatchTotalsModel;

  @Field(() => Int)
  openExceptions: number;
}

export const BatchConnection = connectionType('Batch', BatchModel);

@ArgsType()
export class BatchArgs extends PageArgs {
  @Field(() => BatchStateType, { nullable: true })
  @IsOptional()
  state?: BatchState | null;
}

@ArgsType()
export class ApprovalArgs {
  @Field(() => ID)
  @IsUUID()
  id: string;

  @Field({ description: 'The digest of the batch as the checker saw it; another list is refused' })
  @Matches(/^[0-9a-f]{64}$/)
  digest: string;
}
