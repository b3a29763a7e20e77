import { Check, Column, CreateDateColumn, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { Fund } from '../fund/fund.entity.js';
import { Programme } from '../programme/programme.entity.js';
import type { Cycle } from './cycle.js';

@Entity('schedule')
@Index('schedule_office', ['officeCode', 'id'])
@Check('schedule_days_ahead', 'days_ahead BETWEEN 0 AND 60')
@Check('schedule_periods', 'last_period IS NULL OR first_period <= last_period')
export class Schedule {
  @PrimaryColumn({ type: 'uuid' })
  id: string;

  @ForeignKey(() => Fund, { name: 'schedule_fund' })
  @Column({ name: 'fund_id', type: 'uuid' })
  fundId: string;

  @ForeignKey(() => Programme, { name: 'schedule_programme' })
  @Column({ name: 'programme_code', type: 'text' })
  programmeCode: string;

  /** `{period}` in it stands for the month. */
  @Column({ type: 'text' })
  purpose: string;

  @Column({ type: 'text' })
  channel: string;

  @Column({ name: 'office_code', type: 'text' })
  officeCode: string;

  @Column({ type: 'jsonb' })
  cycle: Cycle;

  /** The draft is opened so many days before the list is due. */
  @Column({ name: 'days_ahead', type: 'int' })
  daysAhead: number;

  @Column({ name: 'first_period', type: 'text' })
  firstPeriod: string;

  @Column({ name: 'last_period', type: 'text', nullable: true })
  lastPeriod: string | null;

  @Column({ name: 'is_paused', type: 'boolean', default: false })
  isPaused: boolean;

  @Column({ name: 'created_by', type: 'text' })
  createdBy: string;

  @CreateDateColumn({ name: 'created_at', type: 'timestamptz', default: () => 'clock_timestamp()' })
  createdAt: Date;
}
