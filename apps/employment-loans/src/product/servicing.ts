import { type AgeBand, type LoanContract, policyBankServicing } from '@ansinh/loans';

const wholeDong = { mode: 'halfUp', unit: 1n } as const;

/**
 * How the policy bank keeps these loans, for new contracts: a contract that is signed keeps what it was signed with. Rounding,
 * order of allocation, early principal and days of rest stand in no text that was read (ADR 41): an official must confirm them.
 */
export const servicing = {
  interestEveryMonths: policyBankServicing.interestEveryMonths.value,
  restDays: 'movedOn',
  instalmentRounding: wholeDong,
  contract: {
    overdueFrom: 'dueDay',
    dayCount: policyBankServicing.dayCount.value,
    interestRounding: wholeDong,
    allocation: {
      onTime: ['interestDue', 'overdueInterest', 'principalDue'],
      pastDue: ['principalDue', 'interestDue', 'overdueInterest'],
      ahead: ['interestAccrued', 'principalAhead'],
    },
    earlyPrincipal: 'next',
    accrualPosted: 'monthEnd',
  } satisfies Partial<LoanContract>,
} as const;

/**
 * Groups of debt by days past due: those of credit institutions (Circular 11/2021/TT-NHNN, article 10). Whether the policy bank
 * groups the loans of the fund by the same days stands in no text that was read: an official must confirm it.
 */
export const debtGroups: readonly AgeBand[] = [
  { code: '1', fromDays: 0 },
  { code: '2', fromDays: 10 },
  { code: '3', fromDays: 91 },
  { code: '4', fromDays: 181 },
  { code: '5', fromDays: 361 },
];
