import type { SealedTable } from '@ansinh/key-rotation';
import { cellsPlace } from '@ansinh/payment-list';
import { sealedPayoutLists } from '@ansinh/payouts';
import { answerCells } from './insurance/refused-answers.js';
import { listCells, rowPlace } from './list/copy-list.js';
import { householdPlace } from './review/enter-households.js';

const rowsPerStep = 1_000;

const cellsOf = (name: string): SealedTable => ({
  name,
  column: 'sealed',
  key: { list_id: 'uuid', block_no: 'int' },
  place: ({ list_id, block_no }) => cellsPlace(name, list_id!, Number(block_no)),
  // A block has the cells of hundreds of rows.
  rowsPerStep: 20,
});

/** Everything that is sealed here. */
export const tablesWithSeals: SealedTable[] = [
  sealedPayoutLists,
  {
    name: 'reviewed_household',
    column: 'sealed',
    key: { id: 'uuid' },
    place: ({ id }) => householdPlace(id!),
    rowsPerStep,
  },
  {
    name: 'beneficiary',
    column: 'sealed',
    key: { id: 'uuid' },
    beside: ['sealed_for'],
    place: ({ sealed_for }) => sealed_for!,
    rowsPerStep,
  },
  {
    name: 'list_row',
    column: 'sealed',
    key: { list_id: 'uuid', row_no: 'int' },
    place: ({ list_id, row_no }) => rowPlace(list_id!, Number(row_no)),
    rowsPerStep,
  },
  cellsOf(listCells),
  cellsOf(answerCells),
];
