import { Check, Column, Entity, PrimaryColumn } from 'typeorm';
import { VndColumn } from '@ansinh/database';
import type { FindingCode, Severity } from '@ansinh/payment-list';

/** Amounts up to and including `upTo` đồng need `checkers` approvals; the last band has no bound. */
export interface ApprovalBand {
  upTo: string | null;
  checkers: number;
}

/** A support programme as the payment path sees it: its bounds, and how strictly its lists are checked. */
@Entity('programme')
@Check('programme_amounts', '0 < min_amount AND min_amount <= max_amount')
export class Programme {
  @PrimaryColumn({ type: 'text' })
  code: string;

  @Column({ type: 'text' })
  name: string;

  @VndColumn({ name: 'min_amount' })
  minAmount: bigint;

  @VndColumn({ name: 'max_amount' })
  maxAmount: bigint;

  /** Only what differs from the default severity of the finding. */
  @Column({ type: 'jsonb' })
  severities: Partial<Record<FindingCode, Severity>>;

  @Column({ name: 'approval_bands', type: 'jsonb' })
  approvalBands: ApprovalBand[];
}
