import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { BatchView } from '../src/batch/batch.dto.js';
import { type BatchState, batchStates, batchTransitions } from '../src/batch/batch.states.js';
import { OutcomeUnknown } from '../src/channel/payment-channel.js';
import { CheckService } from '../src/finding/check.service.js';
import { streamedTypes } from '../src/rest.js';
import { ChunkSender } from '../src/transmission/chunk-sender.js';
import { accountOf, creditOf, debitOf, noticeOf, statusReportOf } from './bank-papers.js';
import { booksOf } from './books.js';
import { accepted, FakeBank } from './fake-bank.js';
import {
  approvedBatch,
  checkedBatch,
  createBatch,
  csvOf,
  firstChecker,
  type Harness,
  maker,
  newLines,
  numberOf,
  openFund,
  operator,
  type PlayedClient,
  readBatch,
  startHarness,
  submittedBatch,
} from './harness.js';

const bank = new FakeBank();
let harness: Harness;
let fundId: string;
let clients: Record<'maker' | 'checker' | 'operator', PlayedClient>;
beforeAll(async () => {
  harness = await startHarness({ channel: bank });
  fundId = await openFund(harness);
  clients = {
    maker: await harness.as(maker),
    checker: await harness.as(firstChecker),
    operator: await harness.as(operator),
  };
});
beforeEach(() => bank.reset());
afterAll(() => harness.stop());

interface Planted {
  batch: BatchView;
  lines: string[];
}

/** Three lines; two of them share an account, which is a finding that may be waived. */
const listed = () => newLines(3, { account: '2600299999999' });

const command = (by: keyof typeof clients, { batch }: Planted, verb: string, body: object = {}) =>
  clients[by].post(`/v1/batches/${batch.id}/${verb}`, body).then(({ body: answer }) => codeOf(answer));

/** The code of a problem; null for anything else. */
function codeOf(answer: unknown): string | null {
  const { type, code } = answer as { type?: string; code?: string };
  return type?.startsWith('urn:ansinh:problem:') ? code! : null;
}

const hint = ({ batch }: Planted) =>
  harness.app.get(ChunkSender).send({ batchNumber: numberOf(batch), chunkNo: 1 });

async function tell({ batch, lines }: Planted, amounts: (bigint | null)[]): Promise<string | null> {
  const debits = amounts.flatMap((off, index) =>
    off === null
      ? []
      : [debitOf(batch, lines, index + 1)].map((debit) => ({ ...debit, amount: debit.amount - off })),
  );
  const notice = await noticeOf({ account: await accountOf(harness, fundId) }, debits);
  return codeOf((await clients.operator.statement(notice)).body);
}

/** Each state by the shortest way that the product itself has. */
const plants: Record<BatchState, () => Promise<Planted>> = {
  draft: async () => ({ batch: await createBatch(clients.maker, fundId), lines: listed() }),
  checking: async () => {
    const planted = await plants.draft();
    await events.importPayments!.happen(planted);
    return planted;
  },
  checked: () => planted((lines) => checkedBatch(harness, lines, { fundId })),
  submitted: () => planted((lines) => submittedBatch(harness, lines, { fundId })),
  approved: () => planted((lines) => approvedBatch(harness, lines, { fundId })),
  rejected: () => after('submitted', 'reject'),
  // The bank has the message and its answer was lost.
  transmitting: async () => {
    const sent = await after('approved', 'transmit');
    bank.onSend = () => {
      throw new OutcomeUnknown('no answer');
    };
    await hint(sent);
    await harness.dataSource.query('UPDATE chunk SET due_at = now() WHERE batch_number = $1', [
      numberOf(sent.batch),
    ]);
    bank.reset();
    bank.onQuery = accepted;
    return sent;
  },
  paused: () => after('transmitting', 'pause'),
  // One line is paid, one came back, one is open.
  transmitted: async () => {
    const sent = await after('transmitting', 'hintOfChunk');
    await tell(sent, [0n, 0n, null]);
    const back = creditOf(sent.batch, sent.lines, 2);
    await clients.operator
      .statement(await noticeOf({ account: await accountOf(harness, fundId) }, [back]))
      .expect(200);
    return sent;
  },
  reconciled: () => after('transmitted', 'noticeOfTheBank'),
  closed: () => after('reconciled', 'close'),
  cancelled: () => after('checked', 'cancel'),
};

async function planted(make: (lines: string[]) => Promise<BatchView>): Promise<Planted> {
  const lines = listed();
  return { batch: await make(lines), lines };
}

async function after(state: BatchState, event: string): Promise<Planted> {
  const found = await plants[state]();
  await events[event]!.happen(found);
  return found;
}

interface Event {
  /** Where it leads, from each state in which it does something. In all other states it is refused or does nothing. */
  leads: Partial<Record<BatchState, BatchState>>;
  /** The problem in all other states; null where the event finds nothing to do there. */
  elsewhere: string | null;
  /** Other problems, by state. */
  refusals?: Partial<Record<BatchState, string>>;
  /** It writes something in every state (what a bank told, say), which never moves the batch. */
  leavesTraces?: boolean;
  /** @returns the code of the problem with which it was refused, or null */
  happen: (planted: Planted) => Promise<string | null>;
}

const wrongState = 'BATCH_STATE';

/** Everything that happens to batches: commands of people, work of the worker, words of the bank. */
const events: Record<string, Event> = {
  importPayments: {
    leads: { draft: 'checking', checked: 'checking', rejected: 'checking' },
    elsewhere: wrongState,
    happen: async ({ batch, lines }) => {
      const { body } = await clients.maker.list(
        `/v1/batches/${batch.id}/payments`,
        csvOf(lines),
        streamedTypes.csv,
      );
      return codeOf(body);
    },
  },
  checkAgain: {
    leads: { checked: 'checking', rejected: 'checking' },
    elsewhere: wrongState,
    refusals: { draft: 'LIST_EMPTY' },
    happen: (found) => command('maker', found, 'check'),
  },
  workerChecks: {
    leads: { checking: 'checked' },
    elsewhere: null,
    happen: async ({ batch }) => {
      await harness.app.get(CheckService).check(batch.id);
      return null;
    },
  },
  waive: {
    leads: { checked: 'checking' },
    elsewhere: wrongState,
    happen: (found) => command('maker', found, 'waivers', { code: 'SHARED_ACCOUNT', reason: 'Một hộ' }),
  },
  submit: {
    leads: { checked: 'submitted' },
    elsewhere: wrongState,
    happen: (found) => command('maker', found, 'submission'),
  },
  approve: {
    leads: { submitted: 'approved' },
    elsewhere: wrongState,
    happen: async (found) => {
      const { digest } = await readBatch(harness, found.batch.id);
      return command('checker', found, 'approval', { digest: digest ?? 'a'.repeat(64) });
    },
  },
  reject: {
    leads: { submitted: 'rejected' },
    elsewhere: wrongState,
    happen: (found) => command('checker', found, 'rejection', { reason: 'Sai mức' }),
  },
  transmit: {
    leads: { approved: 'transmitting', paused: 'transmitting', transmitting: 'transmitting' },
    elsewhere: wrongState,
    happen: (found) => command('operator', found, 'transmission'),
  },
  pause: {
    leads: { transmitting: 'paused' },
    elsewhere: wrongState,
    happen: (found) => command('operator', found, 'pause'),
  },
  cancel: {
    leads: {
      draft: 'cancelled',
      checked: 'cancelled',
      submitted: 'cancelled',
      rejected: 'cancelled',
      approved: 'cancelled',
    },
    elsewhere: wrongState,
    happen: (found) => command('maker', found, 'cancellation', { reason: 'Lập nhầm' }),
  },
  close: {
    leads: { reconciled: 'closed' },
    elsewhere: wrongState,
    happen: (found) => command('operator', found, 'closure'),
  },
  followUp: {
    leads: { transmitted: 'transmitted', reconciled: 'reconciled', closed: 'closed' },
    elsewhere: wrongState,
    happen: async ({ batch }) => {
      const corrections = 'payment,account\n2,26002000\n';
      const path = `/v1/batches/${batch.id}/follow-up`;
      return codeOf((await clients.maker.upload(path, corrections, streamedTypes.csv)).body);
    },
  },
  drawSample: {
    leads: { reconciled: 'reconciled', closed: 'closed' },
    elsewhere: wrongState,
    happen: (found) => command('operator', found, 'samples', { confidence: 0.9, size: 1 }),
  },
  hintOfChunk: {
    leads: { transmitting: 'transmitted' },
    elsewhere: null,
    happen: async (found) => {
      await hint(found);
      return null;
    },
  },
  statusReport: {
    // In a paused batch it is taken in; the batch goes on when it is resumed.
    leads: {
      transmitting: 'transmitted',
      paused: 'paused',
      transmitted: 'transmitted',
      reconciled: 'reconciled',
      closed: 'closed',
    },
    elsewhere: 'STATUS_UNKNOWN_MESSAGE',
    happen: async ({ batch }) => {
      const report = statusReportOf(`${batch.code}-C00001`, { status: 'ACTC' });
      return codeOf((await clients.operator.statement(report)).body);
    },
  },
  // Of a bank that can be asked the notice is taken in, and the message stays undecided until it was asked.
  noticeOfTheBank: {
    leads: { transmitted: 'reconciled' },
    elsewhere: null,
    leavesTraces: true,
    happen: (found) => tell(found, [null, null, 0n]),
  },
  noticeOfAnotherAmount: {
    leads: {},
    elsewhere: null,
    leavesTraces: true,
    happen: (found) => tell(found, [null, null, 1n]),
  },
  lastExceptionResolved: {
    leads: { transmitted: 'reconciled' },
    elsewhere: null,
    leavesTraces: true,
    happen: async (found) => {
      await tell(found, [null, null, 1n]);
      const { state } = await readBatch(harness, found.batch.id);
      const action = state === 'transmitted' ? 'recordAsPaid' : 'noAction';
      const path = `/v1/batches/${found.batch.id}/exceptions?status=open`;
      const { items } = (await clients.operator.get(path).expect(200)).body as { items: { id: string }[] };
      for (const { id } of items) {
        await clients.operator.post(`/v1/exceptions/${id}/resolution`, { action, note: 'n' }).expect(200);
      }
      return null;
    },
  },
};

const isQuiet = ({ leads, leavesTraces }: Event, state: BatchState) =>
  leads[state] === undefined && !leavesTraces;

describe.each(batchStates)('a batch that is %s', (state) => {
  let standing: Planted;
  beforeAll(async () => {
    standing = await plants[state]();
  });

  test('is planted', async () => {
    expect((await readBatch(harness, standing.batch.id)).state).toBe(state);
  });

  const quiet = Object.entries(events).filter(([, event]) => isQuiet(event, state));
  test.each(quiet)('refuses or ignores: %s', async (_, event) => {
    const before = await booksOf(harness.dataSource);
    expect(await event.happen(standing)).toBe(event.refusals?.[state] ?? event.elsewhere);
    expect(await booksOf(harness.dataSource)).toEqual(before);
  });

  const moving = Object.entries(events).filter(([, event]) => !isQuiet(event, state));
  test.each(moving)('goes by: %s', async (_, event) => {
    const found = await plants[state]();
    expect(await event.happen(found)).toBeNull();
    expect((await readBatch(harness, found.batch.id)).state).toBe(event.leads[state] ?? state);
    const { body } = await clients.operator.get('/v1/verification').expect(200);
    const { checks } = body as { checks: { name: string; ok: boolean }[] };
    expect(checks.filter(({ ok }) => !ok)).toEqual([]);
  });
});

test('every edge of the table is walked by an event, and none walks another', () => {
  const walked = Object.values(events).flatMap(({ leads }) =>
    Object.entries(leads).flatMap(([from, to]) => (from === to ? [] : [`${from} → ${to}`])),
  );
  const edges = batchStates.flatMap((from) => batchTransitions[from].map((to) => `${from} → ${to}`));
  expect([...new Set(walked)].sort()).toEqual(edges.sort());
});
