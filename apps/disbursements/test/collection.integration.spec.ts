import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import type { BatchView } from '../src/batch/batch.dto.js';
import { OutcomeUnknown } from '../src/channel/payment-channel.js';
import { DocumentCollector } from '../src/statement/document-collector.js';
import { accountOf, creditOf, debitOf, debitsOf, noticeOf, statusReportOf } from './bank-papers.js';
import { FakeBank } from './fake-bank.js';
import {
  endToEndIdOf,
  type Harness,
  newLines,
  openFund,
  operator,
  readBatch,
  sentBatch,
  startHarness,
} from './harness.js';

const bank = new FakeBank();
let harness: Harness;
let fundId: string;
let account: string;
let lines: string[];
let batch: BatchView;
beforeAll(async () => {
  harness = await startHarness({ channel: bank });
});
beforeEach(async () => {
  bank.reset();
  // A batch that is over is asked for no more: each test has the outbox to itself.
  await harness.dataSource.query(`UPDATE batch SET state = 'closed' WHERE state = 'reconciled'`);
  fundId = await openFund(harness);
  account = await accountOf(harness, fundId);
  lines = newLines(3);
  batch = await sentBatch(harness, lines, { fundId });
});
afterAll(() => harness.stop());

const collect = () => harness.app.get(DocumentCollector).collect();
const publish = (id: string, content: string | Buffer) =>
  bank.published.push({ id, content: content.toString() });

async function cursor(): Promise<string | undefined> {
  const [row] = (await harness.dataSource.query('SELECT cursor FROM bank_cursor WHERE fund_id = $1', [
    fundId,
  ])) as {
    cursor: string;
  }[];
  return row?.cursor;
}

/** Brings the batch to its end, whatever a test left of it. */
const finish = async () => {
  const notice = await noticeOf({ account }, debitsOf(batch, lines));
  await (await harness.as(operator)).statement(notice).expect(200);
};

test('the bank’s outbox is read on from where it was left', async () => {
  publish('a', await noticeOf({ account }, [debitOf(batch, lines, 1)]));
  await collect();
  expect(await cursor()).toBe('1');
  expect((await readBatch(harness, batch.id)).totals).toMatchObject({ paid: { count: 1 } });
  publish('b', await noticeOf({ account }, [debitOf(batch, lines, 2)]));
  publish(
    'c',
    statusReportOf(`${batch.code}-C00001`, {
      refused: [{ endToEndId: endToEndIdOf(batch, 3), reason: 'AC04' }],
    }),
  );
  await collect();
  expect(await cursor()).toBe('3');
  expect(await readBatch(harness, batch.id)).toMatchObject({
    state: 'reconciled',
    totals: { paid: { count: 2 }, refused: { count: 1 } },
  });
});

test('a document that is published twice changes nothing the second time', async () => {
  const notice = await noticeOf({ account }, debitsOf(batch, lines));
  publish('a', notice);
  publish('b', notice);
  await collect();
  expect(await cursor()).toBe('2');
  expect(await readBatch(harness, batch.id)).toMatchObject({ state: 'reconciled', openExceptions: 0 });
});

test('documents in the wrong order end in the same', async () => {
  publish('a', await noticeOf({ account }, [creditOf(batch, lines, 2)]));
  publish('b', await noticeOf({ account }, debitsOf(batch, lines)));
  await collect();
  expect(await readBatch(harness, batch.id)).toMatchObject({
    state: 'reconciled',
    totals: { paid: { count: 2 }, returned: { count: 1 } },
    openExceptions: 0,
  });
});

test.each([
  ['that cannot be read', () => Promise.resolve('<broken')],
  ['of another account', () => noticeOf({ account: '000000' }, debitsOf(batch, lines))],
  ['for a message that is not ours', () => Promise.resolve(statusReportOf('NOT-OURS', {}).toString())],
  [
    'that refuses what is not in the message',
    () =>
      Promise.resolve(
        statusReportOf(`${batch.code}-C00001`, {
          refused: [{ endToEndId: 'X-1', reason: 'AC04' }],
        }).toString(),
      ),
  ],
])('a document %s does not hold up those that come after it', async (_, make) => {
  publish('bad', await make());
  publish('good', await noticeOf({ account }, debitsOf(batch, lines)));
  await collect();
  expect(await cursor()).toBe('2');
  expect(await readBatch(harness, batch.id)).toMatchObject({ state: 'reconciled' });
});

test('several collectors at once take each document once', async () => {
  for (const [index, movement] of debitsOf(batch, lines).entries()) {
    publish(`n${index}`, await noticeOf({ account }, [movement]));
  }
  await Promise.all([collect(), collect(), collect()]);
  await collect();
  expect(await cursor()).toBe('3');
  expect(await readBatch(harness, batch.id)).toMatchObject({ state: 'reconciled', openExceptions: 0 });
  const [counted] = (await harness.dataSource.query(
    'SELECT count(*)::int AS statements, sum(matched)::int AS matched FROM statement WHERE fund_id = $1',
    [fundId],
  )) as object[];
  expect(counted).toEqual({ statements: 3, matched: 3 });
});

test('a bank that does not answer does not keep the others waiting', async () => {
  const otherFund = await openFund(harness);
  const others = newLines(1);
  const other = await sentBatch(harness, others, { fundId: otherFund });
  publish('o', await noticeOf({ account: await accountOf(harness, otherFund) }, debitsOf(other, others)));
  const documents = bank.documents.bind(bank);
  bank.documents = (asked, after, limit) =>
    asked === account ? Promise.reject(new OutcomeUnknown('no answer')) : documents(asked, after, limit);
  try {
    await collect();
  } finally {
    bank.documents = documents;
  }
  expect(await readBatch(harness, other.id)).toMatchObject({ state: 'reconciled' });
  expect(await readBatch(harness, batch.id)).toMatchObject({ state: 'transmitted' });
  bank.published.length = 0;
  await finish();
});

test('a worker that is told to stop in the middle of an outbox does not say that all of it was collected', async () => {
  for (const row of [1, 2, 3]) publish(`d${row}`, await noticeOf({ account }, [debitOf(batch, lines, row)]));
  await harness.dataSource.query(
    `INSERT INTO recovery (first_skipped, last_skipped, paused, note, begun_by) VALUES (1000, 2000, 0, 'n', 'operator')`,
  );
  await harness.dataSource.query(`UPDATE recovery SET state = 'collecting'`);
  const stopping = new AbortController();
  const read = bank.document.bind(bank);
  bank.document = (id) => {
    if (id === 'd1') stopping.abort();
    return read(id);
  };
  await harness.app.get(DocumentCollector).collect(stopping.signal);
  bank.document = read;
  const standing = () => harness.dataSource.query('SELECT state FROM recovery');
  expect(await standing()).toEqual([{ state: 'collecting' }]);
  await collect();
  expect(await standing()).toEqual([{ state: 'collected' }]);
});
