import {
  Check,
  Column,
  CreateDateColumn,
  Entity,
  ForeignKey,
  Generated,
  Index,
  PrimaryColumn,
  Unique,
} from 'typeorm';
import { VndColumn } from '@ansinh/database';
import { BankProfile } from '../bank-profile/bank-profile.entity.js';
import { Fund } from '../fund/fund.entity.js';
import { Programme } from '../programme/programme.entity.js';
import type { BatchState } from './batch.states.js';

/** What happens to lines with blocking findings: they stop the batch, or they are set aside and the others are paid. */
export type OnBlocking = 'stop' | 'setAside';

@Entity('batch')
@Unique('batch_number', ['number'])
@Index('batch_office', ['officeCode', 'number'])
@Check('batch_on_blocking', `on_blocking IN ('stop', 'setAside')`)
@Check('batch_set_aside', '0 <= set_aside AND set_aside <= rows')
export class Batch {
  @PrimaryColumn({ type: 'uuid' })
  id: string;

  /** Short key of the bulk tables; {@link batchCode} is the same for people. */
  @Column({ type: 'bigint' })
  @Generated('increment')
  number: string;

  @ForeignKey(() => Fund, { name: 'batch_fund' })
  @Column({ name: 'fund_id', type: 'uuid' })
  fundId: string;

  @ForeignKey(() => Programme, { name: 'batch_programme' })
  @Column({ name: 'programme_code', type: 'text' })
  programmeCode: string;

  @Column({ type: 'text' })
  purpose: string;

  @Column({ type: 'text' })
  period: string;

  @Column({ type: 'text' })
  channel: string;

  @Column({ name: 'office_code', type: 'text' })
  officeCode: string;

  @Column({ type: 'text', default: 'draft' })
  state: BatchState;

  @Column({ name: 'import_number', type: 'int', default: 0 })
  importNumber: number;

  @Column({ name: 'on_blocking', type: 'text', default: 'stop' })
  onBlocking: OnBlocking;

  @Column({ type: 'int', default: 0 })
  rows: number;

  @Column({ name: 'set_aside', type: 'int', default: 0 })
  setAside: number;

  /** Sum of the lines that are not set aside. */
  @VndColumn({ name: 'kept_amount', default: 0 })
  keptAmount: bigint;

  /** SHA-256 of the list as it was sent. */
  @Column({ name: 'list_digest', type: 'text', nullable: true })
  listDigest: string | null;

  @Column({ type: 'text', nullable: true })
  digest: string | null;

  /** Digest of the bank's profile that the list was last checked by. */
  @ForeignKey(() => BankProfile, { name: 'batch_bank_profile' })
  @Column({ name: 'bank_profile', type: 'text', nullable: true })
  bankProfile: string | null;

  /** Number of the batch whose returned lines this one pays again. */
  @ForeignKey(() => Batch, 'number', { name: 'batch_follow_up_of' })
  @Column({ name: 'follow_up_of', type: 'bigint', nullable: true })
  followUpOf: string | null;

  @Column({ name: 'submission_number', type: 'int', default: 0 })
  submissionNumber: number;

  @Column({ name: 'required_approvals', type: 'int', default: 0 })
  requiredApprovals: number;

  @Column({ name: 'created_by', type: 'text' })
  createdBy: string;

  /** Everybody who had a hand in the list; none of them may approve it. */
  @Column({ type: 'text', array: true })
  makers: string[];

  @CreateDateColumn({ name: 'created_at', type: 'timestamptz', default: () => 'clock_timestamp()' })
  createdAt: Date;

  @Column({ name: 'submitted_by', type: 'text', nullable: true })
  submittedBy: string | null;

  @Column({ name: 'submitted_at', type: 'timestamptz', nullable: true })
  submittedAt: Date | null;

  @Column({ name: 'approved_at', type: 'timestamptz', nullable: true })
  approvedAt: Date | null;
}
