/** Schedules and what they bring, by the disbursements REST contract. */

import type { BatchState } from './contract.js';

/** -1: in the month before the one that is paid for. */
export interface DayOfCycle {
  monthOffset: number;
  day: number;
}

export interface Schedule {
  id: string;
  fundId: string;
  programmeCode: string;
  purpose: string;
  channel: string;
  officeCode: string;
  listDue: DayOfCycle;
  approvalDue: DayOfCycle;
  sendingDue: DayOfCycle;
  listRule: { legalBasis: string; effectiveFrom: string; confidence: string } | null;
  daysAhead: number;
  firstPeriod: string;
  lastPeriod: string | null;
  state: 'active' | 'paused';
  createdBy: string;
  createdAt: string;
}

export type NewSchedule = Pick<
  Schedule,
  'fundId' | 'programmeCode' | 'purpose' | 'channel' | 'approvalDue' | 'sendingDue' | 'firstPeriod'
> & { listDue?: DayOfCycle; daysAhead?: number; lastPeriod?: string };

/** What can be changed of a schedule; the rest is what it was opened with. */
export type ScheduleChange = Omit<NewSchedule, 'fundId' | 'programmeCode' | 'channel' | 'firstPeriod'>;

export interface UpcomingBatch {
  /** Null: a batch of cash that no schedule opened. */
  scheduleId: string | null;
  period: string;
  programmeCode: string;
  purpose: string;
  fundId: string;
  officeCode: string;
  /** planned: not opened yet; halted: its schedule is paused. */
  state: BatchState | 'planned' | 'skipped' | 'halted';
  batchId: string | null;
  batchCode: string | null;
  opensOn: string;
  listDueOn: string;
  approvalDueOn: string;
  sendingDueOn: string;
  resultsDueOn: string | null;
  isCalendarKnown: boolean;
  nextStep: 'list' | 'approval' | 'sending' | 'results' | null;
  nextDueOn: string | null;
  daysLate: number;
  amount: string | null;
  lastAmount: string | null;
}

export interface UpcomingBatches {
  today: string;
  items: UpcomingBatch[];
}
