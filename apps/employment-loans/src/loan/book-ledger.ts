import { Ledger } from '@ansinh/ledger';
import type { LoanAccount, LoanEntry } from '@ansinh/loans';

export const bookAccounts = [
  'capital',
  'principal',
  'overduePrincipal',
  'interestReceivable',
  'overdueInterestReceivable',
  'interestIncome',
  'writeOff',
  'borrowerCredit',
] as const satisfies readonly LoanAccount[];

export const bookLedger = new Ledger<LoanAccount, LoanEntry['kind'], 'counts_on' | 'cause'>({
  name: 'book',
  ownerColumn: 'loan_id',
  notes: { counts_on: 'date', cause: 'text' },
});
