import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { placeCodesUnder } from '@ansinh/places';
import type { Operation } from '@ansinh/testing';
import type { BatchView } from '../src/batch/batch.dto.js';
import type { ExceptionView } from '../src/exception/exception.dto.js';
import { accountOf, debitOf, debitsOf, noticeOf } from './bank-papers.js';
import { FakeBank } from './fake-bank.js';
import {
  approvedBatch,
  type Harness,
  newLines,
  openFund,
  type PlayedClient,
  sentBatch,
  startHarness,
} from './harness.js';
import { operationsOf, type Records, request } from './operations.js';

/** The province and two of its districts; all may do everything, within their own area. */
const offices = { province: '27', bacNinh: '256', tuSon: '261' } as const;
type Office = keyof typeof offices;

interface Kept extends Records {
  client: PlayedClient;
  account: string;
  /** Texts that stand in whatever shows a record of this office. */
  marks: string[];
  payeeId: string;
}

let harness: Harness;
let operations: Operation[];
const kept = {} as Record<Office, Kept>;
beforeAll(async () => {
  harness = await startHarness({ channel: new FakeBank() });
  operations = operationsOf(harness);
  for (const office of Object.keys(offices) as Office[]) kept[office] = await recordsOf(office);
});
afterAll(() => harness.stop());

/** A fund, a batch that is with the bank, a statement and an exception of one office. */
async function recordsOf(office: Office): Promise<Kept> {
  const code = offices[office];
  const client = await harness.as({ sub: `officer-${code}`, office: code });
  const fundId = await openFund(harness, { office: code });
  const lines = newLines(2, { placeCode: code });
  const batch = await sentBatch(harness, lines, { fundId, by: { sub: `officer-${code}`, office: code } });
  const account = await accountOf(harness, fundId);
  const movement = debitOf(batch, lines, 1, { amount: 1n });
  const { body } = await client.statement(await noticeOf({ account }, [movement])).expect(200);
  const statement = (body as { items: { id: string; exceptions: number }[] }).items[0]!;
  expect(statement.exceptions).toBe(1);
  const exceptions = await client.get(`/v1/batches/${batch.id}/exceptions`).expect(200);
  const exceptionId = (exceptions.body as { items: ExceptionView[] }).items[0]!.id;
  const create = operations.find(({ id }) => id === 'createSchedule')!;
  const none = { batchId: '', exceptionId: '' };
  const schedule = await request(client, create, { fundId, ...none }).expect(201);
  const scheduleId = (schedule.body as { id: string }).id;
  const sampleId = await sampleOf(client, fundId, code);
  const refusedDocumentId = randomUUID();
  await harness.dataSource.query(
    `INSERT INTO refused_document (id, fund_id, bank_document, code, reason, is_waiting)
     VALUES ($1, $2, 'x', 'STATEMENT_GAP', '{}', true)`,
    [refusedDocumentId, fundId],
  );
  const cash = await cashBatchOf(client, code);
  const marks = [
    refusedDocumentId,
    cash.id,
    cash.code,
    sampleId,
    scheduleId,
    fundId,
    batch.id,
    batch.code,
    exceptionId,
    statement.id,
    account,
  ];
  return {
    client,
    fundId,
    batchId: batch.id,
    cashBatchId: cash.id,
    exceptionId,
    scheduleId,
    sampleId,
    refusedDocumentId,
    account,
    marks,
    payeeId: lines[0]!.split(',')[0]!,
  };
}

/** A batch of cash whose lists are out. */
async function cashBatchOf(client: PlayedClient, office: string): Promise<BatchView> {
  const channel = 'post-cash';
  const fundId = await openFund(harness, { office, channel });
  const lines = newLines(2, { bankBin: '', account: '' });
  const by = { sub: `officer-${office}`, office };
  const batch = await approvedBatch(harness, lines, { fundId, channel, by });
  await client.post(`/v1/batches/${batch.id}/transmission`).expect(202);
  return batch;
}

/** What belongs to the whole province: programmes are law, banks serve everybody, the audit log is one chain, books are restored whole, the registry is read whole. */
const common = [
  'getAuditLog',
  'getKeyRotation',
  'getRecovery',
  'getRegistryReading',
  'listAuditRoots',
  'listBankProfiles',
  'listProgrammes',
  'listSealingKeys',
  'setProgramme',
  'verify',
];
const named = ({ id, path }: Operation) => path.includes('{id}') && !common.includes(id);
/** Of a batch that is reconciled. */
async function sampleOf(client: PlayedClient, fundId: string, office: string): Promise<string> {
  const lines = newLines(2, { placeCode: office });
  const batch = await sentBatch(harness, lines, { fundId, by: { sub: `officer-${office}`, office } });
  const account = await accountOf(harness, fundId);
  await client.statement(await noticeOf({ account }, debitsOf(batch, lines))).expect(200);
  const { body } = await client.post(`/v1/batches/${batch.id}/samples`, { size: 2 }).expect(201);
  return (body as { id: string }).id;
}

const notFound: Record<string, string> = {
  funds: 'FUND_NOT_FOUND',
  batches: 'BATCH_NOT_FOUND',
  exceptions: 'EXCEPTION_NOT_FOUND',
  schedules: 'SCHEDULE_NOT_FOUND',
  samples: 'SAMPLE_NOT_FOUND',
  'refused-documents': 'REFUSED_DOCUMENT_NOT_FOUND',
};

const foreign: [Office, Office][] = [
  ['tuSon', 'bacNinh'],
  ['bacNinh', 'tuSon'],
  ['bacNinh', 'province'],
];

describe.each(foreign)('for %s a record of %s', (mine, theirs) => {
  test('is not there, whatever is asked of it', async () => {
    const asked = operations.filter(named);
    expect(asked.length).toBeGreaterThan(20);
    for (const operation of asked) {
      const reply = await request(kept[mine].client, operation, kept[theirs]);
      const kind = operation.path.split('/')[2]!;
      expect({ id: operation.id, ...(reply.body as object) }).toMatchObject({
        id: operation.id,
        status: 404,
        code: notFound[kind],
      });
    }
  });

  test('stands in no list', async () => {
    const lists = operations.filter(({ method, path }) => method === 'get' && !path.includes('{'));
    expect(lists.map(({ id }) => id).sort()).toEqual(
      [
        ...common.filter((id) => id !== 'setProgramme' && id !== 'getKeyRotation'),
        'listAccesses',
        'listAuditEvents',
        'listBatches',
        'listExceptions',
        'listFunds',
        'listPayeePayments',
        'listRefusedDocuments',
        'listSchedules',
        'listStatements',
        'streamAuditLog',
        'listUpcomingBatches',
      ].sort(),
    );
    for (const operation of lists) {
      const { text } = await request(kept[mine].client, operation, kept[mine]).expect(200);
      for (const mark of kept[theirs].marks) expect(`${operation.id}: ${text}`).not.toContain(mark);
    }
    const payments = await kept[mine].client.get(`/v1/payments?payeeId=${kept[theirs].payeeId}`).expect(200);
    expect(payments.body).toEqual({ items: [], next: null });
    const filtered = await kept[mine].client
      .get(`/v1/exceptions?batchId=${kept[theirs].batchId}`)
      .expect(200);
    expect(filtered.body).toEqual({ items: [], next: null });
  });

  test('is not reached through a new one', async () => {
    const create = operations.find(({ id }) => id === 'createBatch')!;
    const batch = await request(kept[mine].client, create, kept[theirs]).expect(404);
    expect(batch.body).toMatchObject({ code: 'FUND_NOT_FOUND' });
    const movement = { ...debitOf(await readForeign(theirs), newLines(1), 1), amount: 5n };
    const statement = await kept[mine].client.statement(
      await noticeOf({ account: kept[theirs].account }, [movement]),
    );
    expect(statement).toMatchObject({ status: 422, body: { code: 'STATEMENT_UNKNOWN_ACCOUNT' } });
  });

  const readForeign = async (office: Office) =>
    (await kept[office].client.get(`/v1/batches/${kept[office].batchId}`).expect(200)).body as Parameters<
      typeof debitOf
    >[0];
});

describe('what an office has', () => {
  test.each(Object.keys(offices) as Office[])('%s: every operation finds it', async (office) => {
    // Watching ends only with the batch; one reader of a stream is enough to see that it begins.
    const asked = operations.filter((operation) => named(operation) && operation.id !== 'watchBatch');
    for (const operation of asked) {
      const { status } = await request(kept[office].client, operation, kept[office]);
      expect({ id: operation.id, status }).not.toMatchObject({ status: 404 });
      // No bank is there to hand the document out.
      if (operation.id === 'retryRefusedDocument') expect(status).toBe(503);
      else expect(status).toBeLessThan(500);
    }
  });

  test('the province sees its districts as well', async () => {
    for (const district of ['bacNinh', 'tuSon'] as const) {
      const { client } = kept.province;
      await client.get(`/v1/batches/${kept[district].batchId}`).expect(200);
      await client.get(`/v1/funds/${kept[district].fundId}/balance`).expect(200);
      for (const path of ['funds', 'batches', 'exceptions', 'statements']) {
        const { text } = await client.get(`/v1/${path}?limit=500`).expect(200);
        expect(kept[district].marks.some((mark) => text.includes(mark))).toBe(true);
      }
      const payments = await client.get(`/v1/payments?payeeId=${kept[district].payeeId}`).expect(200);
      expect((payments.body as { items: object[] }).items).toHaveLength(1);
    }
  });

  test('a district sees what the province pays to its own people, and nothing else of that batch', async () => {
    const fundId = kept.province.fundId;
    const ownCommune = placeCodesUnder(offices.bacNinh).find((code) => code.length === 5)!;
    const lines = newLines(1, { placeCode: ownCommune });
    const batch = await sentBatch(harness, lines, { fundId });
    const payeeId = lines[0]!.split(',')[0]!;
    const seen = await kept.bacNinh.client.get(`/v1/payments?payeeId=${payeeId}`).expect(200);
    const other = await kept.tuSon.client.get(`/v1/payments?payeeId=${payeeId}`).expect(200);
    expect([seen.body, other.body]).toMatchObject([{ items: [{ batchId: batch.id }] }, { items: [] }]);
    await kept.bacNinh.client.get(`/v1/batches/${batch.id}`).expect(404);
  });

  test('a movement that another office’s statement tells of its payments is nobody else’s exception', async () => {
    const { client, account } = kept.bacNinh;
    const other = await kept.tuSon.client.get(`/v1/batches/${kept.tuSon.batchId}`).expect(200);
    const batch = other.body as Parameters<typeof debitOf>[0];
    const movement = debitOf(batch, newLines(2), 2);
    await client.statement(await noticeOf({ account }, [movement])).expect(200);
    const mine = await client.get('/v1/exceptions?code=UNKNOWN_PAYMENT').expect(200);
    expect(mine.body).toMatchObject({ items: [{ endToEndId: movement.endToEndId, batchId: null }] });
    const theirs = await kept.tuSon.client.get('/v1/exceptions?code=UNKNOWN_PAYMENT').expect(200);
    expect(theirs.body).toMatchObject({ items: [] });
    const after = await kept.tuSon.client.get(`/v1/batches/${batch.id}`).expect(200);
    expect(after.body).toMatchObject({ openExceptions: batch.openExceptions });
  });

  test('an office that no place code names sees nothing, and changes nothing', async () => {
    const stranger = await harness.as({ sub: 'stranger', office: '99999' });
    for (const path of ['funds', 'batches', 'exceptions', 'statements']) {
      expect((await stranger.get(`/v1/${path}`).expect(200)).body).toEqual({ items: [], next: null });
    }
    await stranger.put('/v1/programmes/NQ99', { name: 'NQ99' }).expect(403);
  });
});
