export { copyInto, copyRows, limitStatement, streamRows } from './bulk.js';
export { VndColumn } from './columns.js';
export { connectionLimits, databaseOptions } from './options.js';
export { cursorOf, pageOf, readCursor } from './page.js';
export type { Page } from './page.js';
export { inTransaction, sqlState, violatedConstraint } from './transaction.js';
export type { Transaction } from './transaction.js';
