import { Column, CreateDateColumn, Entity, PrimaryColumn, Unique } from 'typeorm';

/** Money of one budget source for some programmes, paid from one account over one channel. */
@Entity('fund')
@Unique('fund_code', ['code'])
@Unique('fund_account', ['accountBin', 'accountNumber'])
export class Fund {
  @PrimaryColumn({ type: 'uuid' })
  id: string;

  @Column({ type: 'text' })
  code: string;

  @Column({ type: 'text' })
  name: string;

  @Column({ name: 'budget_source', type: 'text' })
  budgetSource: string;

  @Column({ name: 'programme_codes', type: 'text', array: true })
  programmeCodes: string[];

  @Column({ type: 'text' })
  channel: string;

  /** The payer's own account: an agency's, not a person's. */
  @Column({ name: 'account_bin', type: 'text' })
  accountBin: string;

  @Column({ name: 'account_number', type: 'text' })
  accountNumber: string;

  @Column({ name: 'account_name', type: 'text' })
  accountName: string;

  @Column({ name: 'office_code', type: 'text' })
  officeCode: string;

  @Column({ name: 'created_by', type: 'text' })
  createdBy: string;

  @CreateDateColumn({ name: 'created_at', type: 'timestamptz', default: () => 'clock_timestamp()' })
  createdAt: Date;
}
