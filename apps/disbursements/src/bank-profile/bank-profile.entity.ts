import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { BankProfileContent } from './bank-profile.dto.js';

/** A profile as a batch was checked by it. Never changed: a profile that is edited is another row. */
@Entity('bank_profile')
export class BankProfile {
  /** SHA-256 of the content. */
  @PrimaryColumn({ type: 'text' })
  digest: string;

  @Column({ type: 'jsonb' })
  content: BankProfileContent;
}
