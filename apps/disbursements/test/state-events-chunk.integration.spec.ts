import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { BatchView } from '../src/batch/batch.dto.js';
import { type BankAnswer, NotDelivered, OutcomeUnknown } from '../src/channel/payment-channel.js';
import { ChunkSender } from '../src/transmission/chunk-sender.js';
import { type ChunkState, chunkTransitions } from '../src/transmission/chunk.states.js';
import { accountOf, debitsOf, noticeOf, statusReportOf } from './bank-papers.js';
import { accepted, FakeBank } from './fake-bank.js';
import {
  approvedBatch,
  type Harness,
  newLines,
  numberOf,
  openFund,
  operator,
  type PlayedClient,
  startHarness,
} from './harness.js';

const attemptsMax = 3;
const bank = new FakeBank();
let harness: Harness;
let client: PlayedClient;
let fundId: string;
beforeAll(async () => {
  const environment = { CHUNK_ATTEMPTS_MAX: String(attemptsMax), CHUNK_LEASE_MS: '60000' };
  harness = await startHarness({ channel: bank, environment });
  client = await harness.as(operator);
  fundId = await openFund(harness);
});
beforeEach(() => bank.reset());
afterAll(() => harness.stop());

interface Planted {
  batch: BatchView;
  lines: string[];
  /** Lets a worker that still waits for the bank hear this from it, and waits until it has done with it. */
  hears?: (answer: BankAnswer | Error) => Promise<void>;
}

const refusedWhole = (messageId: string): BankAnswer => ({
  messageId,
  verdict: 'refused',
  reason: 'AM04',
  refused: [],
});
const undecided = (messageId: string): BankAnswer => ({ ...accepted(messageId), verdict: 'received' });
const throwing = (error: Error) => () => {
  throw error;
};
const lost = throwing(new OutcomeUnknown('no answer'));
const atTheDoor = throwing(new NotDelivered('the bank answered 503'));

const hint = ({ batch }: Planted) =>
  harness.app.get(ChunkSender).send({ batchNumber: numberOf(batch), chunkNo: 1 });

const set = ({ batch }: Planted, assignment: string) =>
  harness.dataSource.query(`UPDATE chunk SET ${assignment} WHERE batch_number = $1`, [numberOf(batch)]);

const transmit = ({ batch }: Planted) => client.post(`/v1/batches/${batch.id}/transmission`).expect(202);

/** Sends with this answer of the bank, and makes the chunk due again. */
async function sent(found: Planted, onSend: FakeBank['onSend'], attempts = 0): Promise<Planted> {
  bank.onSend = onSend;
  await set(found, `attempts = ${attempts}`);
  await hint(found);
  bank.reset();
  return found;
}

async function due(found: Planted): Promise<Planted> {
  await set(found, `due_at = clock_timestamp()`);
  return found;
}

const outOfLease = (found: Planted) => set(found, `lease_until = clock_timestamp() - interval '1 second'`);

/** Handed over at least once, and not decided: a report on it may come. */
const undecidedVariants = [
  'pending, not due yet',
  'sending',
  'sending, out of lease',
  'unknown',
  'unknown, not due yet',
  'unknown, by hand',
  'dead',
] as const;
const variants = ['pending', ...undecidedVariants, 'accepted', 'refused'] as const;
type Variant = (typeof variants)[number];

/** What a chunk can be, finer than its state: whether it is due, and whether the bank may have it, decide what happens. */
const plants: Record<Variant, () => Promise<Planted>> = {
  pending: async () => {
    const lines = newLines(2);
    const found = { batch: await approvedBatch(harness, lines, { fundId }), lines };
    await transmit(found);
    return found;
  },
  'pending, not due yet': async () => sent(await plants.pending(), atTheDoor),
  // A worker waits for the bank's answer.
  sending: async () => {
    const found = await plants.pending();
    const called = Promise.withResolvers<void>();
    const answer = Promise.withResolvers<BankAnswer>();
    bank.onSend = () => {
      called.resolve();
      return answer.promise;
    };
    const working = hint(found);
    await called.promise;
    bank.reset();
    const hears = async (word: BankAnswer | Error) => {
      if (word instanceof Error) answer.reject(word);
      else answer.resolve(word);
      await working;
    };
    return { ...found, hears };
  },
  'sending, out of lease': async () => {
    const found = await plants.sending();
    await outOfLease(found);
    return found;
  },
  unknown: async () => due(await sent(await plants.pending(), lost)),
  'unknown, not due yet': async () => sent(await plants.pending(), lost),
  // Where people carry the messages nobody asks: the papers of the bank will tell.
  'unknown, by hand': async () => {
    const found = await sent(await plants.pending(), lost);
    await set(found, `due_at = 'infinity'`);
    return found;
  },
  accepted: async () => sent(await plants.pending(), accepted),
  refused: async () => sent(await plants.pending(), refusedWhole),
  dead: async () => sent(await plants.pending(), lost, attemptsMax - 1),
};

const stateIn = (variant: Variant) => variant.split(',', 1)[0] as ChunkState;

/** The same for each variant of a chunk that a hint may take. */
const whenDue = (state: ChunkState) =>
  ({ pending: state, unknown: state, 'sending, out of lease': state }) as const;

interface Event {
  /** Where it leads; in all other variants the chunk stays what it is. */
  leads: Partial<Record<Variant, ChunkState>>;
  happen: (found: Planted) => Promise<unknown>;
}

function hinted(leads: Event['leads'], onSend: FakeBank['onSend'], attempts = 0): Event {
  return {
    leads,
    happen: async (found) => {
      await set(found, `attempts = ${attempts}`);
      bank.onSend = onSend;
      await hint(found);
    },
  };
}

const message = ({ batch }: Planted) => `${batch.code}-C00001`;

const decided = (state: ChunkState) =>
  Object.fromEntries(undecidedVariants.map((variant) => [variant, state]));

const events: Record<string, Event> = {
  'a hint: the bank takes it': hinted(whenDue('accepted'), accepted),
  'a hint: the bank refuses all of it': hinted(whenDue('refused'), refusedWhole),
  'a hint: the bank has not decided': hinted(whenDue('unknown'), undecided),
  'a hint: the answer is lost': hinted(whenDue('unknown'), lost),
  // An earlier attempt may have reached the bank: that this one did not says nothing of that.
  'a hint: the bank takes nothing': hinted({ ...whenDue('unknown'), pending: 'pending' }, atTheDoor),
  'the last hint: the answer is lost': hinted(whenDue('dead'), lost, attemptsMax - 1),
  'the last hint: the bank takes nothing': hinted(whenDue('dead'), atTheDoor, attemptsMax - 1),
  'a hint for a paused batch': {
    leads: {},
    happen: async (found) => {
      const { batch } = found;
      await client.post(`/v1/batches/${batch.id}/pause`);
      await hint(found);
    },
  },
  'the operator resumes': {
    leads: { dead: 'pending' },
    happen: ({ batch }) => client.post(`/v1/batches/${batch.id}/transmission`),
  },
  'a status report: taken': { leads: decided('accepted'), happen: reportedUnlessNew({ status: 'ACTC' }) },
  'a status report: refused': {
    leads: decided('refused'),
    happen: reportedUnlessNew({ status: 'RJCT', reason: 'AM04' }),
  },
  'a notice of its payments': {
    leads: { 'unknown, by hand': 'accepted' },
    happen: async ({ batch, lines }) => {
      const account = await accountOf(harness, fundId);
      await client.statement(await noticeOf({ account }, debitsOf(batch, lines))).expect(200);
    },
  },
};

/** A message that was never handed over is not known: nobody can have answered it. */
function reportedUnlessNew(paper: Parameters<typeof statusReportOf>[1]): Event['happen'] {
  return async (found) => {
    const sql = 'SELECT first_sent_at FROM chunk WHERE batch_number = $1';
    const [chunk] = (await harness.dataSource.query(sql, [numberOf(found.batch)])) as {
      first_sent_at: unknown;
    }[];
    await client.statement(statusReportOf(message(found), paper)).expect(chunk!.first_sent_at ? 200 : 422);
  };
}

async function stateOf({ batch }: Planted): Promise<ChunkState> {
  const [chunk] = (await harness.dataSource.query('SELECT state FROM chunk WHERE batch_number = $1', [
    numberOf(batch),
  ])) as { state: ChunkState }[];
  return chunk!.state;
}

async function expectVerified(): Promise<void> {
  const { body } = await client.get('/v1/verification').expect(200);
  const { checks } = body as { checks: { name: string; ok: boolean }[] };
  expect(checks.filter(({ ok }) => !ok)).toEqual([]);
}

/** Between the states of its table, by one step or by the steps of one event. */
function isWay(from: ChunkState, to: ChunkState): boolean {
  const reached = new Set([from]);
  for (const state of reached) for (const next of chunkTransitions[state]) reached.add(next);
  return reached.has(to);
}

describe.each(variants)('a chunk that is %s', (variant) => {
  test.each(Object.entries(events))('%s', async (_, { leads, happen }) => {
    const found: Planted = await plants[variant]();
    expect(await stateOf(found)).toBe(stateIn(variant));
    await happen(found);
    const state = leads[variant] ?? stateIn(variant);
    expect(await stateOf(found)).toBe(state);
    expect(isWay(stateIn(variant), state)).toBe(true);
    // Sent only where it was due, and asked for first wherever an earlier attempt may have reached the bank.
    const isTaken = bank.sends.length > 0;
    expect(bank.queries.length).toBe(isTaken && variant !== 'pending' ? 1 : 0);
    // Who still held a lease writes only when nobody has taken the chunk from him.
    await found.hears?.(new OutcomeUnknown('late'));
    const isStillHis = variant.startsWith('sending') && state === 'sending';
    expect(await stateOf(found)).toBe(isStillHis ? 'unknown' : state);
  });

  test('after all of them the books hold', expectVerified);
});

describe('a worker that lost its lease hears the bank at last', () => {
  const others = {
    accepted: accepted,
    refused: refusedWhole,
    unknown: lost,
  } as const;
  const words = {
    taken: accepted,
    refused: refusedWhole,
    undecided: undecided,
    nothing: () => new OutcomeUnknown('no answer'),
    'that it took nothing': () => new NotDelivered('the bank answered 503'),
  } as const;
  const cases = Object.keys(others).flatMap((state) => Object.keys(words).map((word) => ({ state, word })));
  test.each(cases)('the chunk is $state by another: $word', async ({ state, word }) => {
    const found = await plants['sending, out of lease']();
    await sent(found, others[state as keyof typeof others]);
    expect(await stateOf(found)).toBe(state);
    await found.hears!(words[word as keyof typeof words](message(found)));
    expect(await stateOf(found)).toBe(state);
  });

  test('after all of them the books hold', expectVerified);
});

test('every edge of the table is walked', () => {
  const walked = Object.values(events).flatMap(({ leads }) =>
    Object.entries(leads).map(([variant, to]) => `${stateIn(variant as Variant)} → ${to}`),
  );
  // Through `sending`, under the lease of one event.
  const throughLease = walked.flatMap((edge) => {
    const [from, to] = edge.split(' → ') as [ChunkState, ChunkState];
    return chunkTransitions[from].includes(to) ? [edge] : [`${from} → sending`, `sending → ${to}`];
  });
  const edges = Object.entries(chunkTransitions).flatMap(([from, tos]) => tos.map((to) => `${from} → ${to}`));
  expect(edges.filter((edge) => !throughLease.includes(edge))).toEqual([]);
});
