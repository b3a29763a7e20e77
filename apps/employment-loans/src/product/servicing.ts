import { type LoanContract, policyBankServicing } from '@ansinh/loans';

const wholeDong = { mode: 'halfUp', unit: 1n } as const;

/**
 * How the policy bank keeps these loans, for new contracts: a contract that is signed keeps what it was signed with. Rounding,
 * early principal and days of rest stand in no text that was read (ADR 41): an official must confirm them.
 */
export const servicing = {
  interestEveryMonths: policyBankServicing.interestEveryMonths.value,
  restDays: 'movedOn',
  instalmentRounding: wholeDong,
  contract: {
    overdueFrom: 'dueDay',
    dayCount: policyBankServicing.dayCount.value,
    interestRounding: wholeDong,
    earlyPrincipal: 'next',
    accrualPosted: 'monthEnd',
  } satisfies Partial<LoanContract>,
} as const;
