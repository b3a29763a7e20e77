import { randomUUID } from 'node:crypto';
import { canGo, type TransitionTable } from '@ansinh/database';
import { keyRotationTransitions } from '@ansinh/key-rotation';
import { batchTransitions } from '../src/batch/batch.states.js';
import { exceptionTransitions } from '../src/exception/exception.states.js';
import { recoveryTransitions } from '../src/recovery/recovery.states.js';
import { refusedDocumentTransitions } from '../src/refused-document/refused-document.states.js';
import { chunkTransitions } from '../src/transmission/chunk.states.js';

/** Where rows are planted by SQL alone, and for whom. */
export interface Plot {
  query: (sql: string, parameters?: unknown[]) => Promise<unknown>;
  fundId: string;
}

export interface Machine {
  name: string;
  table: string;
  initial: string;
  transitions: TransitionTable<string>;
  /** Puts a row in a state and returns the condition that finds it. */
  plant: (plot: Plot, state: string) => Promise<string>;
}

export const machines: Machine[] = [
  { name: 'batch', table: 'batch', initial: 'draft', transitions: batchTransitions, plant: plantBatch },
  { name: 'chunk', table: 'chunk', initial: 'pending', transitions: chunkTransitions, plant: plantChunk },
  {
    name: 'exception',
    table: 'payment_exception',
    initial: 'open',
    transitions: exceptionTransitions,
    plant: plantException,
  },
  {
    name: 'keyRotation',
    table: 'key_rotation',
    initial: 'running',
    transitions: keyRotationTransitions,
    plant: plantRotation,
  },
  {
    name: 'refusedDocument',
    table: 'refused_document',
    initial: 'open',
    transitions: refusedDocumentTransitions,
    plant: plantRefusedDocument,
  },
  {
    name: 'recovery',
    table: 'recovery',
    initial: 'asking',
    transitions: recoveryTransitions,
    plant: plantRecovery,
  },
];

async function plantBatch({ query, fundId }: Plot, state: string): Promise<string> {
  const id = randomUUID();
  await query(
    `INSERT INTO batch (id, fund_id, programme_code, purpose, period, channel, office_code, created_by, makers, state)
     VALUES ($1, $2, 'NQ68', 'p', '2022', 'iso20022-http', '27', 'maker', '{maker}', $3)`,
    [id, fundId, state],
  );
  return `id = '${id}'`;
}

async function plantChunk(plot: Plot, state: string): Promise<string> {
  const messageId = randomUUID();
  await plot.query(
    `INSERT INTO chunk (batch_number, chunk_no, first_row, last_row, payments, amount, message_id, state)
     SELECT number, 1, 1, 1, 1, 1, $1, $2 FROM batch WHERE ${await plantBatch(plot, 'draft')}`,
    [messageId, state],
  );
  return `message_id = '${messageId}'`;
}

async function plantException({ query, fundId }: Plot, state: string): Promise<string> {
  const id = randomUUID();
  await query(
    `WITH told AS (INSERT INTO statement (id, fund_id, kind, document_id, digest, imported_by)
                   VALUES ($1, $2, 'camt.054', '${id}', '', '') RETURNING id)
     INSERT INTO payment_exception (id, fund_id, code, end_to_end_id, direction, observed_amount, reference, statement_id, state)
     SELECT $1, $2, 'PAID_TWICE', '', 'debit', 1, '${id}', told.id, $3 FROM told`,
    [id, fundId, state],
  );
  return `id = '${id}'`;
}

/** Only one runs at a time. */
async function plantRotation({ query }: Plot, state: string): Promise<string> {
  const id = randomUUID();
  await query(`UPDATE key_rotation SET state = 'finished' WHERE state = 'running'`);
  await query(
    `INSERT INTO key_rotation (id, to_version, blocks, started_by, state) VALUES ($1, 2, 1, 'keykeeper', $2)`,
    [id, state],
  );
  return `id = '${id}'`;
}

async function plantRefusedDocument({ query, fundId }: Plot, state: string): Promise<string> {
  const id = randomUUID();
  await query(
    `INSERT INTO refused_document (id, fund_id, bank_document, code, reason, is_waiting, state)
     VALUES ($1, $2, '${id}', 'STATEMENT_GAP', '{}', true, $3)`,
    [id, fundId, state],
  );
  return `id = '${id}'`;
}

/** Only one runs at a time. */
async function plantRecovery({ query }: Plot, state: string): Promise<string> {
  for (const step of ['collecting', 'collected', 'ended']) {
    const before = Object.keys(recoveryTransitions).find((from) =>
      canGo<string>(recoveryTransitions, from, step),
    );
    await query('UPDATE recovery SET state = $1 WHERE state = $2', [step, before]);
  }
  const [{ number }] = (await query(
    `INSERT INTO recovery (first_skipped, last_skipped, paused, note, begun_by, state)
     VALUES (1, 2, 0, 'n', 'operator', $1) RETURNING number`,
    [state],
  )) as [{ number: number }];
  return `number = ${number}`;
}

/** A way from the initial state, by the table of the code. */
export function wayTo({ initial, transitions }: Machine, state: string): string[] {
  const ways = new Map<string, string[]>([[initial, []]]);
  for (const [from, way] of ways) {
    for (const to of transitions[from]!) if (!ways.has(to)) ways.set(to, [...way, to]);
  }
  return ways.get(state)!;
}
