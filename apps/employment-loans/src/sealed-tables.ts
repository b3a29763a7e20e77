import type { SealedTable } from '@ansinh/key-rotation';
import { sealedPayoutLists } from '@ansinh/payouts';
import { contractPlace } from './loan/sealed-payee.js';

/** Everything that is sealed here. */
export const tablesWithSeals: SealedTable[] = [
  sealedPayoutLists,
  {
    name: 'loan_contract',
    column: 'sealed_payee',
    key: { loan_id: 'uuid', number: 'int' },
    place: ({ loan_id, number }) => contractPlace({ loanId: loan_id!, contract: Number(number) }),
    rowsPerStep: 1_000,
  },
];
