import type { LoanContract } from '../loan-contract.js';
import type { AgeBand } from '../loan-position.js';
import type { Fact } from '../loan-product.js';
import { LoanError } from '../loan-error.js';

/**
 * What law or practice says from a day to a day, with where it stands. Of what is not `verified` no text was read: an official must
 * confirm it. `rule` is its row in the table of law; null for what only this file says.
 */
export interface DatedFact<Value> {
  value: Value;
  instrument: string;
  /** null where the article is not known. */
  article: string | null;
  confidence: Fact<unknown>['confidence'];
  rule: string | null;
  appliedFrom: string;
  /** First day on which it does not apply any more. */
  appliedUntil: string | null;
}

/** @throws LoanError for a day before the law begins */
export function appliedOn<Value>(versions: readonly DatedFact<Value>[], day: string): DatedFact<Value> {
  const version = versions.find(
    ({ appliedFrom, appliedUntil }) => appliedFrom <= day && (appliedUntil === null || day < appliedUntil),
  );
  if (!version)
    throw new LoanError({
      vi: `Ngày ${day} chưa có quy định được áp dụng`,
      en: `No law was applied on ${day}`,
    });
  return version;
}

const groupsByDays: readonly AgeBand[] = [
  { code: '1', fromDays: 0 },
  { code: '2', fromDays: 10 },
  { code: '3', fromDays: 91 },
  { code: '4', fromDays: 181 },
  { code: '5', fromDays: 361 },
];

const groupsOfCreditInstitutions = {
  value: groupsByDays,
  article: '10',
  confidence: 'memory',
  rule: null,
} as const;

/**
 * Groups of debt by days past due: those of credit institutions. Whether the policy bank groups the loans of the fund by the
 * same days stands in no text that was read.
 */
export const debtGroups: readonly DatedFact<readonly AgeBand[]>[] = [
  {
    ...groupsOfCreditInstitutions,
    instrument: '02/2013/TT-NHNN',
    appliedFrom: '2014-06-01',
    appliedUntil: '2021-10-01',
  },
  {
    ...groupsOfCreditInstitutions,
    instrument: '11/2021/TT-NHNN',
    appliedFrom: '2021-10-01',
    appliedUntil: '2024-07-01',
  },
  {
    ...groupsOfCreditInstitutions,
    instrument: '31/2024/TT-NHNN',
    appliedFrom: '2024-07-01',
    appliedUntil: null,
  },
];

const principalFirstWhenPastDue: LoanContract['allocation'] = {
  onTime: ['interestDue', 'overdueInterest', 'principalDue'],
  pastDue: ['principalDue', 'interestDue', 'overdueInterest'],
  ahead: ['interestAccrued', 'principalAhead'],
};

/** What a payment covers first, for contracts that are signed on a day: they keep it. */
export const paymentAllocation: readonly DatedFact<LoanContract['allocation']>[] = [
  {
    value: principalFirstWhenPastDue,
    instrument: '1627/2001/QĐ-NHNN',
    article: null,
    confidence: 'memory',
    rule: null,
    appliedFrom: '2015-09-01',
    appliedUntil: '2017-03-15',
  },
  {
    value: principalFirstWhenPastDue,
    instrument: '39/2016/TT-NHNN',
    article: '18',
    confidence: 'memory',
    rule: null,
    appliedFrom: '2017-03-15',
    appliedUntil: null,
  },
];

/** The level of the office that approves a loan, by whose capital it is of. */
type ApprovingLevels = Readonly<Record<'central' | 'province' | 'district', 'province' | 'district'>>;

const chairOfItsOwn: ApprovingLevels = { central: 'province', province: 'province', district: 'district' };

/**
 * The chair of the district approves from its own capital, the head of the province from the other. Before the amendment and
 * under the law of 2025 no text was read; districts are no more since July 2025, and an office outlives its unit here.
 */
export const approvingBodies: readonly DatedFact<ApprovingLevels>[] = [
  {
    value: chairOfItsOwn,
    instrument: '61/2015/NĐ-CP',
    article: '29',
    confidence: 'memory',
    rule: null,
    appliedFrom: '2015-09-01',
    appliedUntil: '2019-11-08',
  },
  {
    value: chairOfItsOwn,
    instrument: '61/2015/NĐ-CP',
    article: '29(1)b, (2)b',
    confidence: 'verified',
    rule: 'EL-T5',
    appliedFrom: '2019-11-08',
    appliedUntil: '2026-01-01',
  },
  {
    value: chairOfItsOwn,
    instrument: '338/2025/NĐ-CP',
    article: null,
    confidence: 'memory',
    rule: null,
    appliedFrom: '2026-01-01',
    appliedUntil: null,
  },
];
