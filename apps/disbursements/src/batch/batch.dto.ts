import { ApiProperty } from '@nestjs/swagger';
import {
  ArrayMaxSize,
  IsArray,
  IsIn,
  IsOptional,
  IsString,
  IsUUID,
  Matches,
  MaxLength,
} from 'class-validator';
import { PageQuery } from '@ansinh/service';
import { channels } from '../fund/fund.dto.js';
import { programmeCodePattern } from '../rest.js';
import { type BatchState, batchStates } from './batch.states.js';

export class CreateBatch {
  @ApiProperty({ format: 'uuid' })
  @IsUUID()
  fundId: string;

  @ApiProperty({ example: 'COVID-2021' })
  @Matches(programmeCodePattern)
  programmeCode: string;

  @ApiProperty({ example: 'Hỗ trợ người lao động đợt 3' })
  @Matches(/\S/)
  @MaxLength(500)
  purpose: string;

  @ApiProperty({ example: '2022-03', description: 'Month or year that is paid for' })
  @Matches(/^\d{4}(-(0[1-9]|1[0-2]))?$/)
  period: string;

  @ApiProperty({ enum: channels })
  @IsIn(channels)
  channel: string;

  @ApiProperty({
    type: [String],
    required: false,
    description: 'Who else had a hand in the list, by the `sub` of their tokens: none of them may approve it',
  })
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(20)
  @IsString({ each: true })
  @Matches(/\S/, { each: true })
  @MaxLength(200, { each: true })
  makers?: string[];
}

export class BatchQuery extends PageQuery {
  @ApiProperty({ required: false, enum: batchStates })
  @IsOptional()
  @IsIn(batchStates)
  state?: BatchState;

  @ApiProperty({ required: false, example: 'LO-00000042' })
  @IsOptional()
  @Matches(/^LO-\d{8,18}$/)
  code?: string;
}

export class ReasonInput {
  @ApiProperty()
  @Matches(/\S/)
  @MaxLength(500)
  reason: string;
}

export class ApprovalInput {
  @ApiProperty({ description: 'The digest of the batch as the checker saw it' })
  @Matches(/^[0-9a-f]{64}$/)
  digest: string;
}

export class FindingCount {
  @ApiProperty()
  block: number;

  @ApiProperty()
  warn: number;

  @ApiProperty({ description: 'Of these, waived by name' })
  waived: number;
}

export class ApprovalView {
  @ApiProperty()
  by: string;

  @ApiProperty()
  name: string;

  @ApiProperty({ format: 'date-time' })
  at: string;
}

export class ChunkCounts {
  @ApiProperty()
  total: number;

  @ApiProperty()
  pending: number;

  @ApiProperty()
  sending: number;

  @ApiProperty()
  accepted: number;

  @ApiProperty()
  refused: number;

  @ApiProperty()
  unknown: number;

  @ApiProperty({ description: 'Gave up; resumed by the next transmission command' })
  dead: number;
}

export class CountAndAmount {
  @ApiProperty()
  count: number;

  @ApiProperty({ description: 'Whole đồng' })
  amount: string;
}

/** approved = paid + returned + refused + inFlight, by count and by amount. */
export class BatchTotals {
  @ApiProperty({ type: CountAndAmount })
  approved: CountAndAmount;

  @ApiProperty({ type: CountAndAmount })
  paid: CountAndAmount;

  @ApiProperty({ type: CountAndAmount })
  returned: CountAndAmount;

  @ApiProperty({ type: CountAndAmount })
  refused: CountAndAmount;

  @ApiProperty({ type: CountAndAmount, description: 'Approved and not yet confirmed, sent or not' })
  inFlight: CountAndAmount;
}

export class BatchView {
  @ApiProperty({ format: 'uuid' })
  id: string;

  @ApiProperty({ example: 'LO-00000042' })
  code: string;

  @ApiProperty({ format: 'uuid' })
  fundId: string;

  @ApiProperty()
  programmeCode: string;

  @ApiProperty()
  purpose: string;

  @ApiProperty()
  period: string;

  @ApiProperty({ enum: channels })
  channel: string;

  @ApiProperty()
  officeCode: string;

  @ApiProperty({ enum: batchStates })
  state: BatchState;

  @ApiProperty({ enum: ['stop', 'setAside'] })
  onBlocking: string;

  @ApiProperty({ description: 'Lines of the list; rows = kept + setAside' })
  rows: number;

  @ApiProperty()
  kept: number;

  @ApiProperty()
  setAside: number;

  @ApiProperty({ description: 'Sum of the kept lines, whole đồng' })
  amount: string;

  @ApiProperty({
    type: String,
    nullable: true,
    description: 'SHA-256 of the list as it was sent, byte for byte',
  })
  listDigest: string | null;

  @ApiProperty({ type: String, nullable: true, description: 'SHA-256 of what is signed, once submitted' })
  digest: string | null;

  @ApiProperty({ type: 'object', additionalProperties: { $ref: '#/components/schemas/FindingCount' } })
  findings: Record<string, FindingCount>;

  @ApiProperty()
  requiredApprovals: number;

  @ApiProperty({ type: [ApprovalView] })
  approvals: ApprovalView[];

  @ApiProperty()
  createdBy: string;

  @ApiProperty({ format: 'date-time' })
  createdAt: string;

  @ApiProperty({ type: String, nullable: true })
  submittedBy: string | null;

  @ApiProperty({
    type: String,
    nullable: true,
    description: 'Code of the batch whose returned lines it pays again',
  })
  followUpOf: string | null;

  @ApiProperty({
    type: String,
    format: 'date',
    nullable: true,
    description: 'When the post office has to say who was paid; null where a bank pays, or no law says when',
  })
  resultsDueOn: string | null;

  @ApiProperty({ type: ChunkCounts })
  chunks: ChunkCounts;

  @ApiProperty({ type: BatchTotals })
  totals: BatchTotals;

  @ApiProperty()
  openExceptions: number;
}

export class BatchPage {
  @ApiProperty({ type: [BatchView] })
  items: BatchView[];

  @ApiProperty({ type: String, nullable: true })
  next: string | null;
}
