export { CurrentCommand, withFile } from './command.js';
export type { Command } from './command.js';
export { Commands, idempotencyTable } from './commands.js';
export { createGuards, dropGuards } from './guard-tables.js';
export type { Effect } from './commands.js';
