export { Ledger, moveBetween } from './ledger.js';
export type { LedgerEntry } from './ledger.js';
export { changeLedger, dropLedgerTables, ledgerTables } from './ledger-tables.js';
