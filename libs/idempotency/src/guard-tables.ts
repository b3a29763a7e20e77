import type { QueryRunner } from 'typeorm';
import { auditChain, auditTable, auditUnchain } from '@ansinh/audit';
import { guards, officeRoles, ofOffice, open, protect, unguard, unprotect } from '@ansinh/database';
import { idempotencyTable } from './commands.js';

const openTables: Parameters<typeof open>[] = [
  ['state_edge', 'what states may follow each other', { office: 'SELECT', system: 'SELECT' }],
  [
    'idempotency_key',
    'asked by the id and key of the caller',
    { office: 'SELECT, INSERT', system: 'SELECT, INSERT' },
  ],
  ['audit_head', 'the audit log is one chain', { office: 'SELECT', system: 'SELECT, UPDATE' }],
  ['audit_key', 'whoever verifies the log needs it', { office: 'SELECT', system: 'SELECT, INSERT' }],
  ['audit_root', 'whoever verifies the log needs it', { office: 'SELECT', system: 'SELECT, INSERT' }],
  ['schema_migration', 'asked by migrations alone', {}],
];

/** What the other tables of a service lean on: append-only tables, guarded states, remembered commands, the audit log, offices. */
export async function createGuards(runner: QueryRunner): Promise<void> {
  for (const statement of [guards, idempotencyTable, auditTable, auditChain, officeRoles]) {
    await runner.query(statement);
  }
  await runner.query(protect('audit_event', ofOffice('office')));
  for (const table of openTables) await runner.query(open(...table));
}

/** Takes them back. The roles stay: they are the server's. */
export async function dropGuards(runner: QueryRunner): Promise<void> {
  for (const table of ['audit_event', ...openTables.map(([name]) => name)]) {
    await runner.query(unprotect(table));
  }
  await runner.query('DROP FUNCTION offices_in_scope()');
  await runner.query(auditUnchain);
  await runner.query(`DROP TABLE audit_event; DROP TABLE idempotency_key; ${unguard}`);
}
