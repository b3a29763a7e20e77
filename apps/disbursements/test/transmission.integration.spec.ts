import { createHash } from 'node:crypto';
import { text } from 'node:stream/consumers';
import { Readable } from 'node:stream';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { parsePain001 } from '@ansinh/iso20022';
import { Sealer } from '@ansinh/sealing';
import type { BatchView } from '../src/batch/batch.dto.js';
import { NotDelivered, OutcomeUnknown } from '../src/channel/payment-channel.js';
import { sealLines } from '../src/list-import/sealed-lines.js';
import { ChunkSender } from '../src/transmission/chunk-sender.js';
import type { MessageView } from '../src/transmission/transmission.dto.js';
import { accountOf, debitsOf, noticeOf, statusReportOf } from './bank-papers.js';
import { accepted, FakeBank } from './fake-bank.js';
import {
  approvedBatch,
  endToEndIdOf,
  type Harness,
  newLines,
  numberOf,
  openFund,
  operator,
  type PlayedClient,
  readBatch,
  startHarness,
  statedPurpose,
} from './harness.js';

const leaseMs = 600;
const attemptsMax = 4;
const bank = new FakeBank();
let harness: Harness;
let client: PlayedClient;
let fundId: string;
beforeAll(async () => {
  harness = await startHarness({
    channel: bank,
    environment: {
      CHUNK_PAYMENTS: '3',
      CHUNK_LEASE_MS: String(leaseMs),
      CHUNK_ATTEMPTS_MAX: String(attemptsMax),
    },
  });
  client = await harness.as(operator);
});
beforeEach(async () => {
  bank.reset();
  fundId = await openFund(harness);
});
afterEach(async () => {
  const { body } = await client.get('/v1/verification').expect(200);
  const { checks } = body as { checks: { ok: boolean }[] };
  expect(checks.filter(({ ok }) => !ok)).toEqual([]);
});
afterAll(() => harness.stop());

const transmit = (batch: BatchView) => client.post(`/v1/batches/${batch.id}/transmission`);

/** A batch whose sending has been asked for; nothing is sent yet, for there is no worker here. */
async function startedBatch(lines: string[]): Promise<BatchView> {
  const batch = await approvedBatch(harness, lines, { fundId });
  return (await transmit(batch).expect(202)).body as BatchView;
}

const hint = (batch: BatchView, chunkNo = 1) =>
  harness.app.get(ChunkSender).send({ batchNumber: numberOf(batch), chunkNo });

/** One hint, for a chunk whose pause before the next attempt is over. */
async function attempt(batch: BatchView, chunkNo = 1): Promise<MessageView> {
  await harness.dataSource.query(
    `UPDATE chunk SET due_at = clock_timestamp() - interval '1 second' WHERE batch_number = $1 AND due_at <> 'infinity'`,
    [numberOf(batch)],
  );
  await hint(batch, chunkNo);
  return messageOf(batch, chunkNo);
}

async function messageOf(batch: BatchView, number = 1): Promise<MessageView> {
  const { body } = await client.get(`/v1/batches/${batch.id}/messages`).expect(200);
  return (body as { items: MessageView[] }).items.find((item) => item.number === number)!;
}

const fails = (error: Error) => () => {
  throw error;
};
const lost = () => new OutcomeUnknown('no answer');
const sha256 = (bytes: Buffer | string) => createHash('sha256').update(bytes).digest('hex');

/** Every message that left was the same. */
const distinctMessages = () => new Set(bank.sends.map(({ message }) => sha256(message))).size;

describe('a message', () => {
  test('leaves once, and its money is in flight from then on', async () => {
    const batch = await startedBatch(newLines(5));
    const before = await client.get(`/v1/funds/${fundId}/balance`).expect(200);
    expect(before.body).toMatchObject({ reserved: batch.amount, inFlight: '0' });
    expect(await attempt(batch, 1)).toMatchObject({ state: 'accepted', attempts: 1, problem: null });
    const between = await client.get(`/v1/funds/${fundId}/balance`).expect(200);
    const { amount } = await messageOf(batch, 1);
    expect(between.body).toMatchObject({
      reserved: (BigInt(batch.amount) - BigInt(amount)).toString(),
      inFlight: amount,
    });
    expect(await readBatch(harness, batch.id)).toMatchObject({
      state: 'transmitting',
      chunks: { accepted: 1, pending: 1 },
    });
    await attempt(batch, 2);
    expect(await readBatch(harness, batch.id)).toMatchObject({
      state: 'transmitted',
      chunks: { total: 2, accepted: 2 },
    });
    await attempt(batch, 1);
    await attempt(batch, 2);
    expect(bank.sends.map(({ messageId }) => messageId)).toEqual([
      `${batch.code}-C00001`,
      `${batch.code}-C00002`,
    ]);
    expect(bank.queries).toEqual([]);
  });

  test('has every payment once, and the same bytes whenever it is made', async () => {
    const lines = newLines(3);
    const batch = await startedBatch(lines);
    const download = () =>
      client
        .get(`/v1/batches/${batch.id}/messages/1`)
        .set(statedPurpose)
        .buffer(true)
        .expect(200)
        .expect('content-type', /application\/xml/);
    const before = (await download()).text;
    const { digest } = await attempt(batch);
    const sent = bank.sends[0]!.message;
    expect(sha256(sent)).toBe(digest);
    expect(before).toBe(sent.toString());
    expect((await download()).text).toBe(before);
    const transfers = [];
    for await (const events of parsePain001(Readable.from([sent]))) {
      for (const event of events) if (event.kind === 'transaction') transfers.push(event);
    }
    expect(transfers).toMatchObject(
      lines.map((line, index) => {
        const [, name, bin, number, amount] = line.split(',');
        return {
          endToEndId: endToEndIdOf(batch, index + 1),
          amount: BigInt(amount!),
          creditorName: name,
          creditorAccount: number,
          creditorBin: bin,
        };
      }),
    );
  });

  test('that would differ from the one that was made first does not leave', async () => {
    const batch = await startedBatch(newLines(1));
    await harness.dataSource.query(
      `UPDATE chunk SET message_digest = 'of other bytes' WHERE batch_number = $1`,
      [numberOf(batch)],
    );
    expect(await attempt(batch)).toMatchObject({
      problem: expect.stringContaining('differs from the one that was made first'),
    });
    expect(bank.sends).toEqual([]);
  });

  test('to an account that nobody signed does not leave, though its block opens', async () => {
    const batch = await startedBatch(newLines(1));
    const sealer = harness.app.get(Sealer);
    const swapped = { payeeId: '1'.repeat(12), account: '2600299999999', original: null };
    await harness.dataSource.transaction(async (tx) => {
      // As somebody who owns the database can, with a block of an earlier list of this batch.
      await tx.query(`SET LOCAL session_replication_role = 'replica'`);
      await tx.query('UPDATE sealed_block SET sealed = $2 WHERE batch_number = $1', [
        numberOf(batch),
        sealLines(sealer, numberOf(batch), 0, [swapped]),
      ]);
    });
    expect(await attempt(batch)).toMatchObject({
      problem: expect.stringContaining('has not the account that was signed'),
    });
    expect(bank.sends).toEqual([]);
  });

  test.each([
    ['another line', 'UPDATE payment_line SET set_aside = true WHERE batch_number = $1 AND row_no = 2'],
    ['another amount', 'UPDATE payment_line SET amount = amount + 1 WHERE batch_number = $1 AND row_no = 2'],
  ])('of a list with %s than was approved does not leave', async (_, change) => {
    const batch = await startedBatch(newLines(3));
    await harness.dataSource.transaction(async (tx) => {
      // As somebody who owns the database can.
      await tx.query(`SET LOCAL session_replication_role = 'replica'`);
      await tx.query(change, [numberOf(batch)]);
    });
    expect(await attempt(batch)).toMatchObject({
      problem: expect.stringContaining('are not the payments that were approved'),
    });
    expect(bank.sends).toEqual([]);
  });

  test('number that there is none of', async () => {
    const batch = await startedBatch(newLines(1));
    for (const number of ['2', '0', '-1', '99999999999']) {
      const { body } = await client.get(`/v1/batches/${batch.id}/messages/${number}`).expect(404);
      expect(body).toMatchObject({ code: 'MESSAGE_NOT_FOUND' });
    }
    for (const number of ['one', '1.5', '1'.repeat(30)]) {
      await client.get(`/v1/batches/${batch.id}/messages/${number}`).expect(400);
    }
  });
});

describe('not delivered', () => {
  test('is tried again, and nobody need be asked', async () => {
    const batch = await startedBatch(newLines(1));
    bank.onSend = fails(new NotDelivered('ECONNREFUSED'));
    expect(await attempt(batch)).toMatchObject({ state: 'pending', problem: 'ECONNREFUSED' });
    bank.onSend = accepted;
    expect(await attempt(batch)).toMatchObject({ state: 'accepted', attempts: 2, problem: null });
    expect(bank.sends).toHaveLength(2);
    expect(distinctMessages()).toBe(1);
    expect(bank.queries).toEqual([]);
  });

  test('is not tried again before its time', async () => {
    const batch = await startedBatch(newLines(1));
    bank.onSend = fails(new NotDelivered('busy'));
    await attempt(batch);
    for (let time = 0; time < 5; time += 1) await hint(batch);
    expect(bank.sends).toHaveLength(1);
  });
});

describe('an unknown outcome', () => {
  test.each([
    ['no answer', lost()],
    ['any other failure', new TypeError('cannot read the answer')],
  ])('(%s) is asked for by the message’s id, and not sent again', async (_, error) => {
    const batch = await startedBatch(newLines(1));
    bank.onSend = fails(error);
    expect(await attempt(batch)).toMatchObject({ state: 'unknown', problem: error.message });
    expect(await readBatch(harness, batch.id)).toMatchObject({
      state: 'transmitting',
      chunks: { unknown: 1 },
    });
    bank.onQuery = accepted;
    expect(await attempt(batch)).toMatchObject({ state: 'accepted' });
    expect(bank.queries).toEqual([`${batch.code}-C00001`]);
    expect(bank.sends).toHaveLength(1);
  });

  test('is sent again, the same bytes, only when the bank says that it never got it', async () => {
    const batch = await startedBatch(newLines(2));
    bank.onSend = fails(lost());
    await attempt(batch);
    bank.onSend = accepted;
    bank.onQuery = () => null;
    expect(await attempt(batch)).toMatchObject({ state: 'accepted' });
    expect(bank.sends).toHaveLength(2);
    expect(distinctMessages()).toBe(1);
  });

  test.each([
    ['does not answer', lost()],
    ['cannot be reached', new NotDelivered('ECONNREFUSED')],
  ])('stays unknown while the bank %s', async (_, error) => {
    const batch = await startedBatch(newLines(1));
    bank.onSend = fails(lost());
    await attempt(batch);
    bank.onSend = accepted;
    bank.onQuery = fails(error);
    for (let time = 2; time < attemptsMax; time += 1) {
      expect(await attempt(batch)).toMatchObject({ state: 'unknown', attempts: time });
    }
    expect(bank.sends).toHaveLength(1);
    bank.onQuery = accepted;
    expect(await attempt(batch)).toMatchObject({ state: 'accepted' });
    expect(bank.sends).toHaveLength(1);
  });

  test('may last: a bank that has not decided is asked for as long as it takes', async () => {
    const batch = await startedBatch(newLines(1));
    const received = (messageId: string) => ({ ...accepted(messageId), verdict: 'received' as const });
    bank.onSend = received;
    bank.onQuery = received;
    for (let time = 0; time < attemptsMax + 3; time += 1) {
      expect(await attempt(batch)).toMatchObject({ state: 'unknown', problem: null });
    }
    bank.onQuery = accepted;
    expect(await attempt(batch)).toMatchObject({ state: 'accepted' });
    expect(bank.sends).toHaveLength(1);
  });

  test('is that of a worker which died under its lease', async () => {
    const batch = await startedBatch(newLines(1));
    bank.onSend = fails(lost());
    await attempt(batch);
    await harness.dataSource.query(
      `UPDATE chunk SET state = 'sending', lease_until = clock_timestamp() - interval '1 second' WHERE batch_number = $1`,
      [numberOf(batch)],
    );
    bank.onQuery = accepted;
    await hint(batch);
    expect(await messageOf(batch)).toMatchObject({ state: 'accepted' });
    expect([bank.sends.length, bank.queries.length]).toEqual([1, 1]);
  });
});

describe('a lease', () => {
  test('is held by one of ten workers at once', async () => {
    const batch = await startedBatch(newLines(1));
    await Promise.all(Array.from({ length: 10 }, () => hint(batch)));
    expect(bank.sends).toHaveLength(1);
    expect(await messageOf(batch)).toMatchObject({ state: 'accepted', attempts: 1 });
  });

  test('that was taken over lets its old holder write nothing', async () => {
    const lines = newLines(2);
    const batch = await startedBatch(lines);
    let wake = () => {};
    const asleep = new Promise<void>((resolve) => (wake = resolve));
    bank.onSend = async (messageId) => {
      await asleep;
      return { ...accepted(messageId), verdict: 'refused', reason: 'AM04' };
    };
    const zombie = hint(batch);
    await untilSent();
    await hint(batch);
    expect(bank.queries).toEqual([]);
    await new Promise((resolve) => setTimeout(resolve, leaseMs + 100));
    bank.onQuery = accepted;
    await hint(batch);
    expect(await messageOf(batch)).toMatchObject({ state: 'accepted', attempts: 2 });
    wake();
    await zombie;
    expect(await messageOf(batch)).toMatchObject({ state: 'accepted', problem: null });
    expect((await readBatch(harness, batch.id)).totals).toMatchObject({
      refused: { count: 0 },
      inFlight: { count: 2 },
    });
    expect(bank.sends).toHaveLength(1);
  });

  test('of a zombie that failed is not given back by it either', async () => {
    const batch = await startedBatch(newLines(1));
    let wake = () => {};
    const asleep = new Promise<void>((resolve) => (wake = resolve));
    bank.onSend = async () => {
      await asleep;
      throw new NotDelivered('too late');
    };
    const zombie = hint(batch);
    await untilSent();
    await new Promise((resolve) => setTimeout(resolve, leaseMs + 100));
    bank.onQuery = accepted;
    await hint(batch);
    wake();
    await zombie;
    expect(await messageOf(batch)).toMatchObject({ state: 'accepted', problem: null });
  });

  async function untilSent(): Promise<void> {
    while (bank.sends.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
  }
});

describe('pause and resume', () => {
  test('a paused batch sends nothing, and goes on where it was', async () => {
    const batch = await startedBatch(newLines(6));
    await attempt(batch, 1);
    const paused = await client.post(`/v1/batches/${batch.id}/pause`).expect(200);
    expect(paused.body).toMatchObject({ state: 'paused' });
    await attempt(batch, 2);
    expect(bank.sends).toHaveLength(1);
    expect(await messageOf(batch, 2)).toMatchObject({ state: 'pending', attempts: 0 });
    expect((await transmit(batch).expect(202)).body).toMatchObject({ state: 'transmitting' });
    await attempt(batch, 2);
    expect(await readBatch(harness, batch.id)).toMatchObject({ state: 'transmitted' });
    expect(bank.sends).toHaveLength(2);
  });

  test('an answer that comes during the pause is written, and the resumption finds all done', async () => {
    const lines = newLines(1);
    const batch = await startedBatch(lines);
    bank.onSend = async (messageId) => {
      await client.post(`/v1/batches/${batch.id}/pause`).expect(200);
      return accepted(messageId);
    };
    expect(await attempt(batch)).toMatchObject({ state: 'accepted' });
    const account = await accountOf(harness, fundId);
    await client.statement(await noticeOf({ account }, debitsOf(batch, lines))).expect(200);
    expect(await readBatch(harness, batch.id)).toMatchObject({
      state: 'paused',
      totals: { paid: { count: 1 } },
    });
    expect((await transmit(batch).expect(202)).body).toMatchObject({ state: 'reconciled' });
  });

  test('transmission asked for again and again is one', async () => {
    const batch = await startedBatch(newLines(1));
    for (let time = 0; time < 3; time += 1) {
      expect((await transmit(batch).expect(202)).body).toMatchObject({
        state: 'transmitting',
        chunks: { pending: 1 },
      });
    }
    await attempt(batch);
    expect(bank.sends).toHaveLength(1);
    const after = await transmit(batch).expect(409);
    expect(after.body).toMatchObject({
      code: 'BATCH_STATE',
      state: 'transmitted',
      allowed: ['approved', 'paused'],
    });
  });

  test('only what is being sent can be paused', async () => {
    const batch = await approvedBatch(harness, newLines(1), { fundId });
    const { body } = await client.post(`/v1/batches/${batch.id}/pause`).expect(409);
    expect(body).toMatchObject({ code: 'BATCH_STATE', allowed: ['transmitting'] });
  });
});

describe('a chunk that failed too often', () => {
  test.each([
    ['never delivered', () => new NotDelivered('ECONNREFUSED'), 0],
    ['with unknown outcome', lost, 1],
  ])('(%s) is dead, can be seen, and comes back to life by the operator', async (_, errorOf, sendsMax) => {
    const batch = await startedBatch(newLines(4));
    bank.onSend = fails(errorOf());
    bank.onQuery = fails(errorOf());
    for (let time = 1; time < attemptsMax; time += 1) expect((await attempt(batch)).state).not.toBe('dead');
    expect(await attempt(batch)).toMatchObject({
      state: 'dead',
      attempts: attemptsMax,
      problem: errorOf().message,
    });
    expect(await readBatch(harness, batch.id)).toMatchObject({
      state: 'transmitting',
      chunks: { dead: 1, pending: 1 },
    });
    await attempt(batch);
    expect((await messageOf(batch)).attempts).toBe(attemptsMax);
    const sends = bank.sends.length;
    expect((await transmit(batch).expect(202)).body).toMatchObject({ chunks: { dead: 0, pending: 2 } });
    bank.onQuery = accepted;
    bank.onSend = accepted;
    expect(await attempt(batch)).toMatchObject({ state: 'accepted', attempts: 1 });
    // What may have reached the bank is asked for first, whatever the operator did.
    expect(bank.sends.length - sends).toBe(1 - sendsMax);
    await attempt(batch, 2);
    expect(await readBatch(harness, batch.id)).toMatchObject({ state: 'transmitted' });
  });
});

describe('refusals', () => {
  const refused =
    (row: number, reason = 'AC04') =>
    (messageId: string) => ({
      ...accepted(messageId),
      refused: [{ endToEndId: messageId.replace(/-C\d+$/, `-000000${row}`), reason }],
    });

  test('one line does not hurt its neighbours', async () => {
    const lines = newLines(3);
    const batch = await startedBatch(lines);
    bank.onSend = refused(2);
    expect(await attempt(batch)).toMatchObject({ state: 'accepted' });
    const after = await readBatch(harness, batch.id);
    expect(after).toMatchObject({
      state: 'transmitted',
      totals: { refused: { count: 1 }, inFlight: { count: 2 } },
    });
    const { body } = await client.get(`/v1/batches/${batch.id}/payments?state=refused`).expect(200);
    expect(body).toMatchObject({ items: [{ row: 2, reason: 'AC04', paidAmount: null }] });
  });

  test('a whole message is refused with its reason, and its money is there again', async () => {
    const batch = await startedBatch(newLines(2));
    bank.onSend = (messageId) => ({ messageId, verdict: 'refused', reason: 'AM04', refused: [] });
    expect(await attempt(batch)).toMatchObject({ state: 'refused', problem: 'AM04' });
    expect(await readBatch(harness, batch.id)).toMatchObject({
      state: 'reconciled',
      totals: { refused: { count: 2 } },
    });
    const { body } = await client.get(`/v1/funds/${fundId}/balance`).expect(200);
    expect(body).toMatchObject({ available: '1000000000000', reserved: '0', inFlight: '0' });
    const payments = await client.get(`/v1/batches/${batch.id}/payments`).expect(200);
    expect(payments.body).toMatchObject({ items: [{ reason: 'AM04' }, { reason: 'AM04' }] });
  });

  test.each([
    [
      'of another batch',
      (batch: BatchView) => `LO-${String(Number(numberOf(batch)) + 1).padStart(8, '0')}-0000001`,
    ],
    ['of another message of the batch', (batch: BatchView) => endToEndIdOf(batch, 4)],
    ['that does not exist', (batch: BatchView) => endToEndIdOf(batch, 99)],
    ['that is no id of ours', () => 'X-1'],
  ])('a line %s is not taken in: the answer is unknown until somebody has looked', async (_, idOf) => {
    const batch = await startedBatch(newLines(4));
    bank.onSend = (messageId) => ({
      ...accepted(messageId),
      refused: [{ endToEndId: idOf(batch), reason: 'AC04' }],
    });
    expect(await attempt(batch)).toMatchObject({
      state: 'unknown',
      problem: expect.stringMatching(/not in the message/),
    });
    expect((await readBatch(harness, batch.id)).totals).toMatchObject({ refused: { count: 0 } });
  });
});

describe('a status report as a file', () => {
  const report = (batch: BatchView, paper: Parameters<typeof statusReportOf>[1]) =>
    client.statement(statusReportOf(`${batch.code}-C00001`, paper));

  /** A message that was sent, and whose answer was lost. */
  async function unknownBatch(lines: string[]): Promise<BatchView> {
    const batch = await startedBatch(lines);
    bank.onSend = fails(lost());
    await attempt(batch);
    return batch;
  }

  test.each([
    ['accepted', {}, 'accepted', 'transmitted', { refused: { count: 0 }, inFlight: { count: 3 } }],
    ['refused', { status: 'RJCT', reason: 'AM04' }, 'refused', 'reconciled', { refused: { count: 3 } }],
  ] as const)(
    'decides a chunk whose outcome was unknown: %s',
    async (_, paper, state, batchState, totals) => {
      const batch = await unknownBatch(newLines(3));
      const { body } = await report(batch, paper).expect(200);
      expect(body).toMatchObject({ items: [{ kind: 'pain.002', documentId: `${batch.code}-C00001` }] });
      expect(await messageOf(batch)).toMatchObject({ state });
      expect(await readBatch(harness, batch.id)).toMatchObject({ state: batchState, totals });
      await attempt(batch);
      expect([bank.sends.length, bank.queries.length]).toEqual([1, 0]);
    },
  );

  test('refuses single lines, also of a chunk that was accepted before, and once', async () => {
    const batch = await startedBatch(newLines(3));
    await attempt(batch);
    for (let time = 0; time < 2; time += 1) {
      await report(batch, { refused: [{ endToEndId: endToEndIdOf(batch, 3), reason: 'AC06' }] }).expect(200);
      expect((await readBatch(harness, batch.id)).totals).toMatchObject({
        refused: { count: 1 },
        inFlight: { count: 2 },
      });
    }
  });

  test('takes the lease from a worker that waits for the answer', async () => {
    const batch = await startedBatch(newLines(1));
    bank.onSend = async (messageId) => {
      await report(batch, { status: 'RJCT', reason: 'AM04' }).expect(200);
      return accepted(messageId);
    };
    expect(await attempt(batch)).toMatchObject({ state: 'refused' });
    expect((await readBatch(harness, batch.id)).totals).toMatchObject({
      refused: { count: 1 },
      inFlight: { count: 0 },
    });
  });

  test('of a dead chunk brings it to its end', async () => {
    const batch = await startedBatch(newLines(1));
    bank.onSend = fails(lost());
    bank.onQuery = fails(lost());
    for (let time = 0; time < attemptsMax; time += 1) await attempt(batch);
    expect(await messageOf(batch)).toMatchObject({ state: 'dead' });
    await report(batch, {}).expect(200);
    expect(await readBatch(harness, batch.id)).toMatchObject({ state: 'transmitted' });
  });

  test.each(['approved', 'cancelled'])(
    'for a message of a batch that is %s: it never left',
    async (state) => {
      const batch = await approvedBatch(harness, newLines(1), { fundId });
      if (state === 'cancelled')
        await client.post(`/v1/batches/${batch.id}/cancellation`, { reason: 'r' }).expect(200);
      for (const status of ['ACTC', 'RJCT'] as const) {
        const { body } = await report(batch, { status }).expect(422);
        expect(body).toMatchObject({ code: 'STATUS_UNKNOWN_MESSAGE' });
      }
      expect(await readBatch(harness, batch.id)).toMatchObject({ state });
    },
  );

  test('for a message that is not ours, and for lines that are not in it', async () => {
    const unknown = await client.statement(statusReportOf('NOT-OURS', {})).expect(422);
    expect(unknown.body).toMatchObject({ code: 'STATUS_UNKNOWN_MESSAGE' });
    const batch = await unknownBatch(newLines(4));
    for (const row of [4, 99]) {
      const { body } = await report(batch, {
        refused: [{ endToEndId: endToEndIdOf(batch, row), reason: 'AC04' }],
      }).expect(422);
      expect(body).toMatchObject({ code: 'STATUS_UNKNOWN_LINES' });
    }
    expect(await messageOf(batch)).toMatchObject({ state: 'unknown' });
  });
});

test('progress is told as it happens, until the batch rests', async () => {
  const lines = newLines(1);
  const batch = await startedBatch(lines);
  const response = await fetch(`${await harness.app.getUrl()}/v1/batches/${batch.id}/events`, {
    headers: { authorization: `Bearer ${client.token}` },
  });
  expect(response.headers.get('content-type')).toMatch('text/event-stream');
  const told = text(response.body!);
  await attempt(batch);
  const account = await accountOf(harness, fundId);
  await client.statement(await noticeOf({ account }, debitsOf(batch, lines))).expect(200);
  const states = [...(await told).matchAll(/^event: progress\ndata: (.*)$/gm)].map(
    ([, data]) => (JSON.parse(data!) as BatchView).state,
  );
  expect(states[0]).toBe('transmitting');
  expect(states.at(-1)).toBe('reconciled');
});
