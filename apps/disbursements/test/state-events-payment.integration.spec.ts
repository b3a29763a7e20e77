import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import pg from 'pg';
import type { BatchView } from '../src/batch/batch.dto.js';
import type { ExceptionView } from '../src/exception/exception.dto.js';
import type { PaymentView } from '../src/payment/payment.dto.js';
import { ChunkSender } from '../src/transmission/chunk-sender.js';
import {
  accountOf,
  creditOf,
  daysFromToday,
  debitOf,
  type Movement,
  noticeOf,
  statusReportOf,
} from './bank-papers.js';
import { FakeBank } from './fake-bank.js';
import {
  approvedBatch,
  endToEndIdOf,
  type Harness,
  maker,
  newLines,
  numberOf,
  openFund,
  operator,
  type PlayedClient,
  startHarness,
} from './harness.js';

let harness: Harness;
let client: PlayedClient;
let fundId: string;
let account: string;
/** As an operator's psql would be: no service between, a commit a statement. */
let psql: pg.Client;
beforeAll(async () => {
  // A message of its own for each payment, so that what is said of one says nothing of another.
  harness = await startHarness({ channel: new FakeBank(), environment: { CHUNK_PAYMENTS: '1' } });
  client = await harness.as(operator);
  fundId = await openFund(harness);
  account = await accountOf(harness, fundId);
  psql = new pg.Client({ connectionString: harness.database.url });
  await psql.connect();
});
afterAll(async () => {
  await psql.end();
  await harness.stop();
});

/** One payment, and what the bank has said of it so far. */
interface Planted {
  batch: BatchView;
  lines: string[];
  row: number;
}

type State = 'awaiting' | 'cancelled' | 'inFlight' | 'paid' | 'returned' | 'refused';
type OutcomeKind = 'paid' | 'returned' | 'refused';

const firstDebit = { reference: 'D-first' };
const firstCredit = { reference: 'R-first' };

/** References are of one payment here. */
const of = (found: Planted, { reference }: { reference: string }) => ({
  reference: `${reference}-${endToEndIdOf(found.batch, found.row)}`.slice(-34),
});

const debit = ({ batch, lines, row }: Planted, over: Partial<Movement> = {}) =>
  debitOf(batch, lines, row, over);
const credit = ({ batch, lines, row }: Planted, over: Partial<Movement> = {}) =>
  creditOf(batch, lines, row, over);
const lessBy = (movement: Movement, off: bigint): Movement => ({
  ...movement,
  amount: movement.amount - off,
});

async function tell(...movements: Movement[]): Promise<void> {
  await client.statement(await noticeOf({ account }, movements)).expect(200);
}

async function refuse({ batch, row }: Planted): Promise<void> {
  const messageId = `${batch.code}-C${String(row).padStart(5, '0')}`;
  const refused = [{ endToEndId: endToEndIdOf(batch, row), reason: 'AC04' }];
  await client.statement(statusReportOf(messageId, { refused }));
}

/** Brings every line of a batch, each a payment of its own, into a state. */
const plants: Record<string, { is: State; come: (found: Planted) => Promise<unknown>; isSent?: boolean }> = {
  awaiting: { is: 'awaiting', come: async () => undefined, isSent: false },
  cancelled: { is: 'cancelled', come: async () => undefined, isSent: false },
  'in flight': { is: 'inFlight', come: async () => undefined },
  'in flight, a đồng was missing': {
    is: 'inFlight',
    come: (found) => tell(lessBy(debit(found, of(found, firstDebit)), 1n)),
  },
  paid: { is: 'paid', come: (found) => tell(debit(found, of(found, firstDebit))) },
  'returned after it was paid': {
    is: 'returned',
    come: async (found) => {
      await tell(debit(found, of(found, firstDebit)));
      await tell(credit(found, of(found, firstCredit)));
    },
  },
  'returned, the payment not told yet': {
    is: 'returned',
    come: (found) => tell(credit(found, of(found, firstCredit))),
  },
  refused: { is: 'refused', come: refuse },
};

type Plant = keyof typeof plants;

/** What is said of a payment, and by whom. */
const events: Record<string, (found: Planted) => Promise<unknown>> = {
  debited: (found) => tell(debit(found)),
  'debited, told again': (found) => tell(debit(found, of(found, firstDebit))),
  'debited, a đồng less': (found) => tell(lessBy(debit(found), 1n)),
  'debited for another account': (found) => tell(debit(found, { account: '2600277777777' })),
  'debited yesterday': (found) => tell(debit(found, { bookedOn: daysFromToday(-1) })),
  'debited tomorrow': (found) => tell(debit(found, { bookedOn: daysFromToday(1) })),
  credited: (found) => tell(credit(found)),
  'credited, told again': (found) => tell(credit(found, of(found, firstCredit))),
  'credited, a đồng less': (found) => tell(lessBy(credit(found), 1n)),
  'debited and credited at once': (found) => tell(credit(found), debit(found)),
  'refused by a report': refuse,
};

/** The new state, else it stays; and the exceptions raised, else none. */
type Cell = { state?: State; exception?: string };
const raises = (exception: string): Cell => ({ exception });
const goes = (state: State): Cell => ({ state });

/** Every state and every event, as the rules are; what is not here is no event of that state and changes nothing. */
const table: Record<Plant, Record<string, Cell>> = {
  // Nobody was asked to pay these.
  awaiting: {
    debited: raises('DATE_DIFFERS'),
    'debited, told again': raises('DATE_DIFFERS'),
    'debited, a đồng less': raises('AMOUNT_DIFFERS'),
    'debited for another account': raises('ACCOUNT_DIFFERS'),
    'debited yesterday': raises('DATE_DIFFERS'),
    'debited tomorrow': raises('DATE_DIFFERS'),
    credited: raises('DATE_DIFFERS'),
    'credited, told again': raises('DATE_DIFFERS'),
    'credited, a đồng less': raises('DATE_DIFFERS'),
    'debited and credited at once': raises('DATE_DIFFERS, DATE_DIFFERS'),
  },
  'in flight': {
    debited: goes('paid'),
    'debited, told again': goes('paid'),
    'debited, a đồng less': raises('AMOUNT_DIFFERS'),
    'debited for another account': raises('ACCOUNT_DIFFERS'),
    'debited yesterday': raises('DATE_DIFFERS'),
    'debited tomorrow': goes('paid'),
    credited: goes('returned'),
    'credited, told again': goes('returned'),
    'credited, a đồng less': raises('RETURN_AMOUNT_DIFFERS'),
    'debited and credited at once': goes('returned'),
    'refused by a report': goes('refused'),
  },
  paid: {
    debited: raises('PAID_TWICE'),
    'debited, a đồng less': raises('PAID_TWICE'),
    'debited for another account': raises('PAID_TWICE'),
    'debited yesterday': raises('PAID_TWICE'),
    'debited tomorrow': raises('PAID_TWICE'),
    credited: goes('returned'),
    'credited, told again': goes('returned'),
    'credited, a đồng less': raises('RETURN_AMOUNT_DIFFERS'),
    'debited and credited at once': { state: 'returned', exception: 'PAID_TWICE' },
  },
  'returned after it was paid': {
    debited: raises('PAID_AFTER_RETURN'),
    'debited, a đồng less': raises('PAID_AFTER_RETURN'),
    'debited for another account': raises('PAID_AFTER_RETURN'),
    'debited yesterday': raises('PAID_AFTER_RETURN'),
    'debited tomorrow': raises('PAID_AFTER_RETURN'),
    credited: raises('RETURNED_TWICE'),
    'credited, a đồng less': raises('RETURNED_TWICE'),
    'debited and credited at once': raises('PAID_AFTER_RETURN, RETURNED_TWICE'),
  },
  // Documents come in any order: the payment of a return may be told after it, if it is not of a later day.
  'returned, the payment not told yet': {
    debited: goes('returned'),
    'debited, told again': goes('returned'),
    'debited, a đồng less': raises('AMOUNT_DIFFERS'),
    'debited for another account': raises('ACCOUNT_DIFFERS'),
    'debited yesterday': raises('DATE_DIFFERS'),
    'debited tomorrow': raises('PAID_AFTER_RETURN'),
    credited: raises('RETURNED_TWICE'),
    'credited, a đồng less': raises('RETURNED_TWICE'),
    'debited and credited at once': raises('RETURNED_TWICE'),
  },
  refused: {
    debited: raises('PAID_AFTER_REFUSAL'),
    'debited, told again': raises('PAID_AFTER_REFUSAL'),
    'debited, a đồng less': raises('PAID_AFTER_REFUSAL'),
    'debited for another account': raises('PAID_AFTER_REFUSAL'),
    'debited yesterday': raises('PAID_AFTER_REFUSAL'),
    'debited tomorrow': raises('PAID_AFTER_REFUSAL'),
    credited: raises('RETURNED_AFTER_REFUSAL'),
    'credited, told again': raises('RETURNED_AFTER_REFUSAL'),
    'credited, a đồng less': raises('RETURNED_AFTER_REFUSAL'),
    'debited and credited at once': raises('PAID_AFTER_REFUSAL, RETURNED_AFTER_REFUSAL'),
  },
};
// To the papers of the bank a cancelled payment is one that was never sent.
table['cancelled'] = table['awaiting']!;
// The exception stands for the first movement; what follows is judged as for any payment that is open.
table['in flight, a đồng was missing'] = table['in flight']!;

/** A movement that stands as an exception already is that one. */
function cellOf(plant: Plant, event: string): Cell {
  const isKnown = plant === 'in flight, a đồng was missing' && event === 'debited, told again';
  return (isKnown ? undefined : table[plant]![event]) ?? {};
}

/** Which outcomes a row may be given, whoever writes it. */
const allowed: Record<Plant, OutcomeKind[]> = {
  awaiting: [],
  cancelled: [],
  'in flight': ['paid', 'returned', 'refused'],
  'in flight, a đồng was missing': ['paid', 'returned', 'refused'],
  paid: ['returned'],
  'returned after it was paid': [],
  'returned, the payment not told yet': ['paid'],
  refused: [],
};

async function planted(plant: Plant, count: number): Promise<Planted[]> {
  const { come, isSent = true } = plants[plant]!;
  const lines = newLines(count);
  const batch = await approvedBatch(harness, lines, { fundId });
  if (plant === 'cancelled') {
    await (await harness.as(maker)).post(`/v1/batches/${batch.id}/cancellation`, { reason: 'r' }).expect(200);
  }
  const found = lines.map((_, index) => ({ batch, lines, row: index + 1 }));
  if (isSent) {
    await client.post(`/v1/batches/${batch.id}/transmission`).expect(202);
    for (const { row } of found) {
      await harness.app.get(ChunkSender).send({ batchNumber: numberOf(batch), chunkNo: row });
    }
  }
  for (const one of found) await come(one);
  return found;
}

async function paymentOf({ batch, row }: Planted): Promise<PaymentView> {
  const { body } = await client
    .get(`/v1/batches/${batch.id}/payments?after=${cursorBefore(row)}&limit=1`)
    .expect(200);
  return (body as { items: PaymentView[] }).items[0]!;
}

const cursorBefore = (row: number) => Buffer.from(JSON.stringify([row - 1])).toString('base64url');

async function exceptionsOf({ batch, row }: Planted): Promise<string[]> {
  const { body } = await client.get(`/v1/batches/${batch.id}/exceptions`).expect(200);
  const id = endToEndIdOf(batch, row);
  const codes = (body as { items: ExceptionView[] }).items.filter(({ endToEndId }) => endToEndId === id);
  return codes.map(({ code }) => code).sort();
}

async function expectVerified(): Promise<void> {
  const { body } = await client.get('/v1/verification').expect(200);
  const { checks } = body as { checks: { name: string; ok: boolean }[] };
  expect(checks.filter(({ ok }) => !ok)).toEqual([]);
}

/** The constraint that refused a statement of psql, or null; what it did is undone. */
async function refusalOf(sql: string, parameters: unknown[]): Promise<string | null> {
  await psql.query('BEGIN');
  try {
    await psql.query(sql, parameters);
    return null;
  } catch (error) {
    return (error as pg.DatabaseError).constraint ?? String(error);
  } finally {
    await psql.query('ROLLBACK');
  }
}

describe.each(Object.keys(plants))('a payment that is %s', (plant) => {
  const names = Object.keys(events);
  let found: Planted[];
  beforeAll(async () => {
    found = await planted(plant, names.length + 1);
  });

  test.each(names)('%s', async (name) => {
    const one = found[names.indexOf(name)]!;
    const before = await exceptionsOf(one);
    expect((await paymentOf(one)).state).toBe(plants[plant]!.is);
    await events[name]!(one);
    const { state, exception } = cellOf(plant, name);
    expect((await paymentOf(one)).state).toBe(state ?? plants[plant]!.is);
    expect(await exceptionsOf(one)).toEqual([...before, ...(exception?.split(', ') ?? [])].sort());
  });

  test('after all of them the books hold', expectVerified);

  test.each(['paid', 'returned', 'refused'] as const)('psql writes the outcome: %s', async (kind) => {
    const { batch, row } = found.at(-1)!;
    const refusal = await refusalOf(
      `INSERT INTO payment_outcome (batch_number, row_no, kind, amount)
       SELECT batch_number, row_no, $3, amount FROM payment WHERE batch_number = $1 AND row_no = $2`,
      [numberOf(batch), row, kind],
    );
    expect(refusal === null).toBe(allowed[plant]!.includes(kind));
    if (refusal !== null) expect(['payment_outcome_pkey', 'outcome_edge']).toContain(refusal);
  });
});
