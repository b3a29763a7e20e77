import { Readable } from 'node:stream';
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { expectEverythingAccounted } from './accounted.js';
import { type BatchUnderTest, FaultRig, until } from './faults-harness.js';

const lines = 1_000;
const chunks = lines / 50;

let rig: FaultRig;
beforeAll(async () => {
  // A late answer comes after the worker has given up waiting for it.
  rig = await FaultRig.start({ bank: { ANSWER_LATE_MS: '900' }, worker: { BANK_TIMEOUT_MS: '400' } });
  await rig.startWorker();
});
afterEach(() => rig.calm());
afterAll(() => rig.stop());

test.each([{ seed: 31 }])(
  'answers are lost, late, or cut off before the bank has read (seed $seed)',
  async ({ seed }) => {
    await rig.witness.planFaults(seed, 0, { loseAnswer: 0.25, closeConnection: 0.25, answerLate: 0.15 });
    const batch = await rig.approvedBatch(lines);
    await rig.transmit(batch);
    const { totals } = await expectEverythingAccounted(rig, batch, { seed });
    expect(totals.paid.count).toBe(lines);
    const { all, unanswered } = rig.relay.deliveries(batch.code);
    // The faults did happen: about half of the deliveries stayed without an answer, and those cut off came again.
    expect(unanswered).toBeGreaterThan(chunks / 4);
    expect(all).toBeGreaterThan(chunks);
  },
);

test.each([{ seed: 41 }])(
  'notices come twice and in the wrong order, lines are refused and returned (seed $seed)',
  async ({ seed }) => {
    const kinds = { answerTwice: 0.5, outOfOrder: 0.5, refuse: 0.05, returnLater: 0.05 };
    await rig.witness.planFaults(seed, 0, kinds);
    const batch = await rig.approvedBatch(lines);
    await rig.transmit(batch);
    const { totals } = await expectEverythingAccounted(rig, batch, { seed });
    expect(totals.returned.count).toBeGreaterThan(lines * 0.02);
    expect(totals.refused.count).toBeGreaterThan(lines * 0.02);
    const { copies, returnsFirst } = await toldOddly(batch);
    expect(copies).toBeGreaterThan(chunks / 4);
    expect(returnsFirst).toBeGreaterThan(chunks / 10);
  },
);

test.each([{ seed: 71 }])(
  'the bank pays one đồng less: an exception, never a match (seed $seed)',
  async ({ seed }) => {
    await rig.witness.planFaults(seed, 0, { shortByOne: 0.02 });
    const batch = await rig.approvedBatch(lines);
    await rig.transmit(batch);
    await rig.rest(batch);
    const exceptions = new Map<string, string>();
    for await (const { endToEndId, amount, debited } of rig.witness.books(batch.account)) {
      if (BigInt(debited) === BigInt(amount) - 1n) exceptions.set(endToEndId, 'AMOUNT_DIFFERS');
    }
    expect(exceptions.size).toBeGreaterThan(lines * 0.005);
    const { totals } = await expectEverythingAccounted(rig, batch, { seed, exceptions });
    expect(totals.paid.count).toBe(lines - exceptions.size);
  },
);

test('status reports come by upload while the worker still waits for the same answer', async () => {
  await rig.witness.planFaults(42, 0, { refuse: 0.1 });
  const batch = await rig.approvedBatch(lines);
  rig.relay.onDelivery = async ({ messageId, nth }, pass) => {
    await pass();
    const report = await rig.witness.statusReport(messageId);
    // Before the worker hears it, at the same moment, or never by the worker.
    const uploaded = upload(report);
    if (nth % 3 === 0) await uploaded;
    return nth % 3 === 1 ? 'lose' : 'answer';
  };
  await rig.transmit(batch);
  const { totals } = await expectEverythingAccounted(rig, batch, { seed: 42 });
  expect(totals.refused.count).toBeGreaterThan(lines * 0.05);
});

test('every document is uploaded by three people at once while the collector reads it too', async () => {
  await rig.witness.planFaults(51, 0, { returnLater: 0.05 });
  const batch = await rig.approvedBatch(lines);
  await rig.transmit(batch);
  const uploaded = new Set<string>();
  const uploadNew = async () => {
    for (const { id } of await rig.witness.documents(batch.account)) {
      if (uploaded.has(id)) continue;
      uploaded.add(id);
      const notice = await rig.witness.download(id);
      const views = await Promise.all([upload(notice), upload(notice), upload(notice)]);
      expect(views.filter(({ alreadyImported }) => !alreadyImported).length).toBeLessThanOrEqual(1);
    }
  };
  await until('every document uploaded', async () => {
    await uploadNew();
    const { chunks: states } = await rig.people.operator.batches.get(batch.id);
    return {
      done: states.accepted === states.total && (await rig.bank.hasToldAll()),
      value: undefined,
      seen: states,
    };
  });
  await rig.rest(batch);
  await uploadNew();
  await expectEverythingAccounted(rig, batch, { seed: 51 });
});

test('a document may take longer than an answer may', async () => {
  const batch = await rig.approvedBatch(100);
  rig.relay.documentPauseMs = 700;
  await rig.transmit(batch);
  await expectEverythingAccounted(rig, batch, { seed: 0 });
});

test('the account statement is imported twice by upload and once by the collector', async () => {
  await rig.witness.planFaults(52, 0, { returnLater: 0.05, refuse: 0.05 });
  const batch = await rig.approvedBatch(lines);
  await rig.transmit(batch);
  await rig.rest(batch);
  const statement = await rig.witness.download(await rig.witness.drawStatement(batch.account));
  const [first, second] = [await upload(statement), await upload(statement)];
  expect([first.kind, second.kind, second.alreadyImported]).toEqual(['camt.053', 'camt.053', true]);
  await expectEverythingAccounted(rig, batch, { seed: 52 });
  const { statementDebits } = await rig.people.operator.batches.reconciliation(batch.id);
  expect(statementDebits).toBe((await rig.witness.totals(batch.account)).debited);
});

async function upload(xml: string) {
  const open = () => Readable.from([Buffer.from(xml)]);
  return (await rig.people.operator.statements.import({ open })).items[0]!;
}

/** How many notices were published again, and how many returns before the settlement that they return from. */
async function toldOddly(batch: BatchUnderTest): Promise<{ copies: number; returnsFirst: number }> {
  const firstTold = new Map<string, number>();
  let copies = 0;
  let returnsFirst = 0;
  const published = await rig.witness.documents(batch.account);
  const notices = await Promise.all(published.map(({ id }) => rig.witness.download(id)));
  notices.forEach((notice, place) => {
    if (firstTold.has(notice)) copies += 1;
    else firstTold.set(notice, place);
  });
  for (const [notice, place] of firstTold) {
    if (!notice.includes('<RtrInf>')) continue;
    const line = /<EndToEndId>([^<]+)</.exec(notice)![1]!;
    const settlement = notices.findIndex(
      (other) => !other.includes('<RtrInf>') && other.includes(`>${line}<`),
    );
    if (settlement > place) returnsFirst += 1;
  }
  return { copies, returnsFirst };
}
