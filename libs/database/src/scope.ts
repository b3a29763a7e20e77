import pg from 'pg';
import type { KeptStatement } from './patient-client.js';
import type { Transaction } from './transaction.js';

/**
 * Whose rows a transaction sees and writes. An office's, by every place code of its area; or all: `system` is for what
 * nobody asked for (workers, collectors, verification) and for the few looks of a command beyond its office; `owner` for a
 * database without offices, which belongs to its service.
 */
export type Scope = OfficeScope | 'system' | 'owner';
export interface OfficeScope {
  offices: readonly string[];
}

/** The roles that a transaction takes on. A login of a service is a member of both and has no rights of its own. */
export const officeRole = 'ansinh_office';
export const systemRole = 'ansinh_system';

/** `SET LOCAL` ends with the transaction, whatever ends it: a pooled connection comes back without a scope. */
export async function enterScope(tx: Transaction, scope: Scope): Promise<void> {
  if (scope !== 'owner') await tx.query(scopeStatement(scope));
}

/** Of an office of the province 328 codes, with every transaction: whoever asks keeps the list, and it is written once. */
const written = new WeakMap<readonly string[], string>();

export function scopeStatement(scope: Exclude<Scope, 'owner'>): string {
  if (scope === 'system') return `SET LOCAL ROLE ${systemRole}`;
  const { offices } = scope;
  let statement = written.get(offices);
  if (statement === undefined) {
    statement = `SET LOCAL ROLE ${officeRole}; SET LOCAL ansinh.offices = ${pg.escapeLiteral(arrayOf(offices))}`;
    written.set(offices, statement);
  }
  return statement;
}

const kept = new WeakMap<readonly string[], KeptStatement>();

/** Enters the scope of an office to read, by a plan that each connection keeps. All of it is over with the transaction. */
export function scopeToKeep({ offices }: OfficeScope): KeptStatement {
  let statement = kept.get(offices);
  if (!statement) {
    const text = `SELECT set_config('transaction_read_only', 'on', true), set_config('role', '${officeRole}', true),
      set_config('ansinh.offices', $1, true)`;
    statement = { name: 'scope', text, values: [arrayOf(offices)] };
    kept.set(offices, statement);
  }
  return statement;
}

/** Takes the system role on where the office whose scope was entered sees a record, and else nothing. */
export const systemWhereSeen = ({ table, id }: { table: string; id: string }): KeptStatement => ({
  name: `seen ${table}`,
  text: `SELECT set_config('role', '${systemRole}', true) FROM ${table} WHERE id = $1`,
  values: [id],
});

function arrayOf(codes: readonly string[]): string {
  return `{${codes.map((code) => JSON.stringify(code)).join(',')}}`;
}

/**
 * A look, or a bulk statement, of an office's command beyond its rows. Whatever it is about was found under the office's own
 * scope before; each caller says why it has to. COPY is one: PostgreSQL has none into a table with policies.
 */
export async function asSystem<T>(tx: Transaction, work: (tx: Transaction) => Promise<T>): Promise<T> {
  // Asked and taken on by one statement: each one is a way to the server and back.
  const [before] = (await tx.query(
    `SELECT current_user AS role, CASE WHEN current_user = '${officeRole}' THEN set_config('role', '${systemRole}', true) END`,
  )) as { role: string }[];
  if (before!.role !== officeRole) return work(tx);
  const leave = () => tx.query(`SET LOCAL ROLE ${officeRole}`);
  let result: T;
  try {
    result = await work(tx);
  } catch (error) {
    // After a refusal of ours somebody may go on with the transaction. Where this fails it has ended, and the role with it.
    await Promise.allSettled([leave()]);
    throw error;
  }
  await leave();
  return result;
}
