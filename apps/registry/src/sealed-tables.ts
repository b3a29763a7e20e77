import type { SealedTable } from '@ansinh/key-rotation';
import { cellsPlace } from '@ansinh/payment-list';
import { placeOfKey } from './attachment/attachment.service.js';
import { importCells } from './import/staged-text.js';
import { accountPlace, numberPlace, personPlace } from './person/sealed-person.js';

const rowsPerStep = 1_000;

/** Everything that is sealed here. People come last: rows of lists become people while a rotation goes on. */
export const tablesWithSeals: SealedTable[] = [
  {
    name: 'dossier_attachment',
    column: 'sealed_key',
    key: { dossier_id: 'uuid', number: 'int' },
    beside: ['id'],
    place: ({ id }) => placeOfKey(id!),
    rowsPerStep,
  },
  {
    name: importCells,
    column: 'sealed',
    key: { import_id: 'uuid', block_no: 'int' },
    place: ({ import_id, block_no }) => cellsPlace(importCells, import_id!, Number(block_no)),
    // Each is of 500 rows, whole.
    rowsPerStep: 50,
  },
  {
    name: 'import_row',
    column: 'sealed',
    key: { import_id: 'uuid', row_no: 'int' },
    beside: ['record_id'],
    place: ({ record_id }) => personPlace(record_id!),
    rowsPerStep,
  },
  {
    name: 'person_number',
    column: 'sealed',
    key: { id: 'bigint' },
    beside: ['person_id', 'number_key'],
    place: ({ person_id, number_key }) => numberPlace(person_id!, number_key!),
    rowsPerStep,
  },
  {
    name: 'person_account',
    column: 'sealed',
    key: { id: 'uuid' },
    place: ({ id }) => accountPlace(id!),
    rowsPerStep,
  },
  {
    name: 'person',
    column: 'sealed',
    key: { id: 'uuid' },
    place: ({ id }) => personPlace(id!),
    rowsPerStep,
  },
];
