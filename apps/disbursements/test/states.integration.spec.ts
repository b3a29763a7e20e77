import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { QueryRunner } from 'typeorm';
import { violatedConstraint } from '@ansinh/database';
import { batchTransitions } from '../src/batch/batch.states.js';
import { exceptionTransitions } from '../src/exception/exception.states.js';
import { keyRotationTransitions } from '../src/key-rotation/key-rotation.states.js';
import { refusedDocumentTransitions } from '../src/refused-document/refused-document.states.js';
import { recoveryTransitions } from '../src/recovery/recovery.states.js';
import { canGo, type TransitionTable, unreachableStates } from '../src/states/transition-table.js';
import { chunkTransitions } from '../src/transmission/chunk.states.js';
import { type Harness, openFund, startHarness } from './harness.js';

let harness: Harness;
let fundId: string;
let runner: QueryRunner;

/** Everything here is planted by SQL alone, in one transaction that is never committed. */
beforeAll(async () => {
  harness = await startHarness();
  fundId = await openFund(harness);
  runner = harness.dataSource.createQueryRunner();
  await runner.startTransaction();
});
afterAll(async () => {
  await runner.rollbackTransaction();
  await runner.release();
  await harness.stop();
});

interface Machine {
  name: string;
  table: string;
  initial: string;
  transitions: TransitionTable<string>;
  /** Puts a row in a state and returns the condition that finds it. */
  plant: (state: string) => Promise<string>;
}

const machines: Machine[] = [
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

async function plantBatch(state: string): Promise<string> {
  const id = randomUUID();
  await runner.query(
    `INSERT INTO batch (id, fund_id, programme_code, purpose, period, channel, office_code, created_by, makers, state)
     VALUES ($1, $2, 'NQ68', 'p', '2022', 'iso20022-http', '27', 'maker', '{maker}', $3)`,
    [id, fundId, state],
  );
  return `id = '${id}'`;
}

async function plantChunk(state: string): Promise<string> {
  const messageId = randomUUID();
  await runner.query(
    `INSERT INTO chunk (batch_number, chunk_no, first_row, last_row, payments, amount, message_id, state)
     SELECT number, 1, 1, 1, 1, 1, $1, $2 FROM batch WHERE ${await plantBatch('draft')}`,
    [messageId, state],
  );
  return `message_id = '${messageId}'`;
}

async function plantException(state: string): Promise<string> {
  const id = randomUUID();
  await runner.query(
    `WITH told AS (INSERT INTO statement (id, fund_id, kind, document_id, digest, imported_by)
                   VALUES ($1, $2, 'camt.054', '${id}', '', '') RETURNING id)
     INSERT INTO payment_exception (id, fund_id, code, end_to_end_id, direction, observed_amount, reference, statement_id, state)
     SELECT $1, $2, 'PAID_TWICE', '', 'debit', 1, '${id}', told.id, $3 FROM told`,
    [id, fundId, state],
  );
  return `id = '${id}'`;
}

/** Only one runs at a time. */
async function plantRotation(state: string): Promise<string> {
  const id = randomUUID();
  await runner.query(`UPDATE key_rotation SET state = 'finished' WHERE state = 'running'`);
  await runner.query(
    `INSERT INTO key_rotation (id, to_version, blocks, started_by, state) VALUES ($1, 2, 1, 'keykeeper', $2)`,
    [id, state],
  );
  return `id = '${id}'`;
}

async function plantRefusedDocument(state: string): Promise<string> {
  const id = randomUUID();
  await runner.query(
    `INSERT INTO refused_document (id, fund_id, bank_document, code, reason, is_waiting, state)
     VALUES ($1, $2, '${id}', 'STATEMENT_GAP', '{}', true, $3)`,
    [id, fundId, state],
  );
  return `id = '${id}'`;
}

/** Only one runs at a time. */
async function plantRecovery(state: string): Promise<string> {
  for (const step of ['collecting', 'collected', 'ended']) {
    const before = Object.keys(recoveryTransitions).find((from) =>
      canGo<string>(recoveryTransitions, from, step),
    );
    await runner.query('UPDATE recovery SET state = $1 WHERE state = $2', [step, before]);
  }
  const [{ number }] = (await runner.query(
    `INSERT INTO recovery (first_skipped, last_skipped, paused, note, begun_by, state)
     VALUES (1, 2, 0, 'n', 'operator', $1) RETURNING number`,
    [state],
  )) as [{ number: number }];
  return `number = ${number}`;
}

/** Runs SQL that may be refused; the constraint that refused it, or null. */
async function refusalOf(work: () => Promise<unknown>): Promise<string | null> {
  await runner.query('SAVEPOINT attempt');
  try {
    await work();
    return null;
  } catch (error) {
    return violatedConstraint(error) ?? String(error);
  } finally {
    await runner.query('ROLLBACK TO attempt');
  }
}

/** A way from the initial state, by the table of the code. */
function wayTo({ initial, transitions }: Machine, state: string): string[] {
  const ways = new Map<string, string[]>([[initial, []]]);
  for (const [from, way] of ways) {
    for (const to of transitions[from]!) if (!ways.has(to)) ways.set(to, [...way, to]);
  }
  return ways.get(state)!;
}

describe.each(machines)('$name', (machine) => {
  const { name, table, initial, transitions, plant } = machine;
  const states = Object.keys(transitions);

  test('the table of the code is the table of the database', async () => {
    const rows = (await runner.query(
      `SELECT from_state || ' → ' || to_state AS edge FROM state_edge WHERE machine = $1 ORDER BY 1`,
      [name],
    )) as { edge: string }[];
    const inCode = states.flatMap((from) => transitions[from]!.map((to) => `${from} → ${to}`));
    expect(rows.map(({ edge }) => edge).sort()).toEqual(inCode.sort());
  });

  test('every state can be reached', () => {
    expect(unreachableStates(transitions, initial)).toEqual([]);
  });

  test.each(states)('a row that begins as %s', async (state) => {
    const refusal = await refusalOf(() => plant(state));
    expect(refusal).toBe(state === initial ? null : 'state_edge');
  });

  test.each(states)('from %s every edge is accepted and nothing else', async (from) => {
    const row = await plant(initial);
    for (const state of wayTo(machine, from)) {
      await runner.query(`UPDATE ${table} SET state = $1 WHERE ${row}`, [state]);
    }
    for (const to of [...states, 'invented'].filter((state) => state !== from)) {
      const refusal = await refusalOf(() =>
        runner.query(`UPDATE ${table} SET state = $1 WHERE ${row}`, [to]),
      );
      expect({ to, refusal }).toEqual({ to, refusal: canGo(transitions, from, to) ? null : 'state_edge' });
    }
  });
});
