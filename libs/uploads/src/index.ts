export { formatOf, listTypes, refusingList } from './list-upload.js';
export { digestOfFile, removeAbandonedSpools, spool, withSpooled } from './spool.js';
export type { Spool } from './spool.js';
