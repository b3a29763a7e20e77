import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { BatchView } from '../src/batch/batch.dto.js';
import { OutcomeUnknown } from '../src/channel/payment-channel.js';
import type { RefusedDocumentView } from '../src/refused-document/refused-document.dto.js';
import { DocumentCollector } from '../src/statement/document-collector.js';
import type { StatementView } from '../src/statement/statement.dto.js';
import {
  accountOf,
  bookedMessage,
  creditOf,
  debitOf,
  debitsOf,
  type Movement,
  mt940Of,
  noticeOf,
  statementOf,
} from './bank-papers.js';
import { FakeBank } from './fake-bank.js';
import { ask } from './graphql-client.js';
import {
  type Harness,
  maker,
  newLines,
  openFund,
  operator,
  type PlayedClient,
  readBatch,
  sentBatch,
  startHarness,
} from './harness.js';
import { databaseDigest } from './database-digest.js';

const bank = new FakeBank();
let harness: Harness;
let client: PlayedClient;
let fundId: string;
let account: string;
let lines: string[];
let batch: BatchView;
beforeAll(async () => {
  harness = await startHarness({ channel: bank });
  client = await harness.as(operator);
});
beforeEach(async () => {
  bank.reset();
  await harness.dataSource.query(
    `UPDATE batch SET state = 'reconciled' WHERE state = 'transmitted';
     UPDATE batch SET state = 'closed' WHERE state = 'reconciled'`,
  );
  fundId = await openFund(harness);
  account = await accountOf(harness, fundId);
  lines = newLines(3);
  batch = await sentBatch(harness, lines, { fundId });
});
afterAll(() => harness.stop());

const collect = () => harness.app.get(DocumentCollector).collect();
const publish = (id: string, content: string) => bank.published.push({ id, content });

async function upload(content: string): Promise<StatementView> {
  const { body } = await client.statement(content).expect(200);
  return (body as { items: StatementView[] }).items[0]!;
}

/** Nothing is different afterwards: not a row of any table. */
async function expectRefused(content: string, expected: object): Promise<void> {
  const before = await databaseDigest(harness.dataSource);
  const { body, status } = await client.statement(content);
  expect({ ...body, status }).toMatchObject(expected);
  expect(body).toMatchObject({ detail: expect.stringMatching(/\S/) });
  expect(await databaseDigest(harness.dataSource)).toEqual(before);
}

async function refusedDocuments(query = `fundId=${fundId}`): Promise<RefusedDocumentView[]> {
  const { body } = await client.get(`/v1/refused-documents?${query}`).expect(200);
  return (body as { items: RefusedDocumentView[] }).items;
}

/** Movements of money that was not ours to send, so that any number of statements can be made of one batch. */
const strange = (index: number): Movement => debitOf(batch, lines, 1, { endToEndId: `X-${index}` });

/** What every command leaves, also one that found nothing to do. */
const commandTables = ['idempotency_key', 'audit_event', 'audit_head'];

const kinds = {
  'camt.053': (...args: Parameters<typeof statementOf>) => statementOf(...args),
  mt940: (...args: Parameters<typeof statementOf>) => Promise.resolve(mt940Of(...args)),
};

describe('MT940 is one more way to say the same', () => {
  test('payments, a return and a message as one sum are reconciled as from camt', async () => {
    const content = mt940Of({ account }, [
      ...debitsOf(batch, lines),
      creditOf(batch, lines, 2),
      bookedMessage(`${batch.code}-C00001`, debitsOf(batch, lines)),
    ]);
    expect(await upload(content)).toMatchObject({
      kind: 'mt940',
      entries: 5,
      matched: 4,
      exceptions: 0,
      alreadyImported: false,
    });
    expect(await readBatch(harness, batch.id)).toMatchObject({
      state: 'reconciled',
      totals: { paid: { count: 2 }, returned: { count: 1 } },
    });
    const { body } = await client.get(`/v1/batches/${batch.id}/reconciliation`).expect(200);
    expect(body).toMatchObject({ statementDebits: batch.amount, balanced: true });
    const before = await databaseDigest(harness.dataSource, commandTables);
    expect(await upload(content)).toMatchObject({ alreadyImported: true });
    expect(await databaseDigest(harness.dataSource, commandTables)).toEqual(before);
  });

  test('told by a notice before, by the same references, it changes nothing', async () => {
    const movements = debitsOf(batch, lines);
    await upload(await noticeOf({ account }, movements));
    expect(await upload(mt940Of({ account }, movements))).toMatchObject({ matched: 0, exceptions: 0 });
  });

  test('an account that is not the payee’s is an exception, as from camt', async () => {
    const wrong = debitOf(batch, lines, 1, { account: '19999999999' });
    expect(await upload(mt940Of({ account }, [wrong]))).toMatchObject({ matched: 0, exceptions: 1 });
  });

  test('it comes by the outbox of the bank too, under any content type', async () => {
    publish('m', mt940Of({ account }, debitsOf(batch, lines)));
    await collect();
    expect(await readBatch(harness, batch.id)).toMatchObject({ state: 'reconciled', openExceptions: 0 });
    const next = mt940Of({ account }, [strange(1)]);
    await client.upload('/v1/statements', next, 'application/x-mt940').expect(200);
  });

  test('pages that stand one after the other are one statement; apart they follow one another', async () => {
    const [first, second, third] = debitsOf(batch, lines);
    const page = (movement: Movement, number: string, opening: bigint, marks: [string, string]) =>
      mt940Of({ account, sequence: 1, opening }, [movement])
        .replace(':28C:1/1', `:28C:${number}`)
        .replace(':60F:', `:60${marks[0]}:`)
        .replace(':62F:', `:62${marks[1]}:`);
    const start = 5_000_000_000n;
    const afterFirst = start - first!.amount;
    const afterSecond = afterFirst - second!.amount;
    const pages = [
      page(first!, '1/1', start, ['F', 'M']),
      page(second!, '1/2', afterFirst, ['M', 'M']),
      page(third!, '1/3', afterSecond, ['M', 'F']),
    ];
    const { body } = await client.statement(pages[0]! + pages[1]!).expect(200);
    expect((body as { items: StatementView[] }).items).toMatchObject([{ entries: 2, matched: 2 }]);
    await expectRefused(page(strange(1), '1/4', afterSecond, ['M', 'F']), {
      code: 'STATEMENT_GAP',
      expected: '1/3',
      found: '1/4',
    });
    await upload(pages[2]!);
    expect(await readBatch(harness, batch.id)).toMatchObject({ state: 'reconciled' });
  });

  test.each([
    ['cut off', (text: string) => text.slice(0, text.indexOf(':62F:'))],
    ['with a field where it may not stand', (text: string) => text.replace(':86:', ':25:')],
    ['with a fraction of a đồng', (text: string) => text.replace(',NTRF', ',50NTRF')],
    ['without an opening balance', (text: string) => text.replace(/:60F:.*\r\n/, '')],
    ['without an account', (text: string) => text.replace(/:25:.*\r\n/, '')],
    ['without its head', (text: string) => text.slice(text.indexOf(':61:'))],
    ['with a separator of thousands', (text: string) => text.replace(/,NTRF/, '.000,NTRF')],
  ])('refused: %s', async (_, spoil) => {
    const content = mt940Of({ account, offBy: 0n }, [debitOf(batch, lines, 1)]);
    await expectRefused(spoil(content), { status: 422, code: 'STATEMENT_UNREADABLE' });
  });
});

describe.each(Object.entries(kinds))('%s is refused with the reason', (kind, make) => {
  const first = async () => upload(await make({ account }, [strange(0)]));

  test('of an account that no fund pays from', async () => {
    await expectRefused(await make({ account: '1234567890', offBy: 0n }, [strange(1)]), {
      status: 422,
      code: 'STATEMENT_UNKNOWN_ACCOUNT',
      found: '••••••7890',
    });
  });

  test('of an account with the same number at another bank', async () => {
    const content = (await make({ account, offBy: 0n }, [strange(1)]))
      .replace(':25:970405/', ':25:970436/')
      .replace('<MmbId>970405</MmbId>', '<MmbId>970436</MmbId>');
    await expectRefused(content, {
      status: 422,
      code: 'STATEMENT_OTHER_BANK',
      expected: '970405',
      found: '970436',
    });
  });

  test('in another currency', async () => {
    const content = (await make({ account, offBy: 0n }, [strange(1)])).replaceAll('VND', 'USD');
    await expectRefused(content, { status: 422, code: 'STATEMENT_OTHER_CURRENCY', expected: 'VND' });
  });

  test('with a closing balance that its entries do not make', async () => {
    await expectRefused(await make({ account, offBy: 1n }, [strange(1)]), {
      status: 422,
      code: 'STATEMENT_UNBALANCED',
    });
  });

  test('with a gap before it, until the missing one has come', async () => {
    await first();
    const [second, third] = [await make({ account }, [strange(1)]), await make({ account }, [strange(2)])];
    await expectRefused(third, { status: 409, code: 'STATEMENT_GAP', expected: '2', found: '3' });
    await upload(second);
    expect(await upload(third)).toMatchObject({ kind, exceptions: 1 });
  });

  test('with a number that is not the next, and an opening balance that is not the last closing one', async () => {
    await first();
    await upload(await make({ account }, [strange(1)]));
    await expectRefused(await make({ account, id: 'ANOTHER', sequence: 1, offBy: 0n }, [strange(2)]), {
      status: 422,
      code: 'STATEMENT_OUT_OF_SEQUENCE',
      expected: '3',
      found: '1',
    });
    await expectRefused(await make({ account, opening: 7n, offBy: 0n }, [strange(2)]), {
      status: 409,
      code: 'STATEMENT_OPENING_DIFFERS',
      found: '7',
    });
  });

  test('without a number balances alone decide', async () => {
    const unnumbered = async (movement: Movement) =>
      (await make({ account }, [movement]))
        .replace(/<ElctrncSeqNb>\d+<\/ElctrncSeqNb>/, '')
        .replace(/:28C:.*\r\n/, '')
        // Two statements of one day would otherwise have one name.
        .replace(':20:STARTUMSE', `:20:${movement.reference.slice(0, 16)}`);
    const content = [
      await unnumbered(strange(0)),
      await unnumbered(strange(1)),
      await unnumbered(strange(2)),
    ];
    await upload(content[0]!);
    await expectRefused(content[2]!, { status: 409, code: 'STATEMENT_OPENING_DIFFERS' });
    await upload(content[1]!);
    await upload(content[2]!);
  });

  test('the sequence may begin anew with the year, not within it', async () => {
    await upload(await make({ account, sequence: 365 }, [strange(0)]));
    const anew = await make({ account, sequence: 1 }, [strange(1)]);
    await expectRefused(anew, { status: 422, code: 'STATEMENT_OUT_OF_SEQUENCE', expected: '366' });
    await harness.dataSource.query(
      `UPDATE statement SET booked_on = booked_on - interval '1 year' WHERE fund_id = $1`,
      [fundId],
    );
    await upload(anew);
  });

  test('many at once: those that follow one another are taken in their order, none twice', async () => {
    const contents = [];
    for (let index = 0; index < 3; index += 1) contents.push(await make({ account }, [strange(index)]));
    // The first that comes begins the sequence, whichever it is.
    await upload(contents[0]!);
    for (let round = 0; round < 3; round += 1) {
      const replies = await Promise.all(contents.map((content) => client.statement(content)));
      expect(replies.every(({ status }) => status === 200 || status === 409)).toBe(true);
    }
    const [counted] = (await harness.dataSource.query(
      `SELECT array_agg(sequence::int ORDER BY position) AS numbers FROM statement WHERE fund_id = $1`,
      [fundId],
    )) as { numbers: number[] }[];
    expect(counted!.numbers).toEqual([1, 2, 3]);
  });
});

describe('sums that a camt states itself', () => {
  const summed = async (summary: string) =>
    (
      await statementOf({ account, offBy: 0n }, [
        strange(0),
        creditOf(batch, lines, 1, { endToEndId: 'X-9' }),
      ])
    ).replace('<Ntry>', `<TxsSummry>${summary}</TxsSummry><Ntry>`);
  const amount = () => strange(0).amount;

  test.each([
    ['TtlNtries', 'NbOfNtries', '3'],
    ['TtlCdtNtries', 'NbOfNtries', '2'],
    ['TtlDbtNtries', 'Sum', '1'],
  ])('%s/%s', async (element, part, value) => {
    await expectRefused(await summed(`<${element}><${part}>${value}</${part}></${element}>`), {
      status: 422,
      code: 'STATEMENT_SUMS_DIFFER',
      element: `TxsSummry/${element}/${part}`,
      found: value,
    });
  });

  test('those that are right are no reason', async () => {
    const sums = `<TtlNtries><NbOfNtries>2</NbOfNtries><Sum>${amount() * 2n}.00</Sum></TtlNtries>
      <TtlDbtNtries><NbOfNtries>1</NbOfNtries><Sum>${amount()}</Sum></TtlDbtNtries>`;
    await client.statement(await summed(sums)).expect(200);
  });

  test.each([
    ['a total that its entry does not have', '<TtlAmt Ccy="VND">', '<TtlAmt Ccy="VND">1'],
    ['a count that its payments do not make', '<NbOfTxs>2<', '<NbOfTxs>3<'],
  ])('of a message booked as one: %s', async (_, from, to) => {
    const [one, two] = debitsOf(batch, lines);
    const entry = bookedMessage(`${batch.code}-C00001`, [one!, two!]);
    const details = [one!, two!].map(({ amount, reference, endToEndId }) => ({
      endToEndId,
      amount,
      reference,
      direction: 'debit' as const,
      creditorAccount: '1',
      creditorBin: '970405',
    }));
    const content = await statementOf({ account, offBy: 0n }, [{ ...entry, transactions: [details] }]);
    expect(content).toContain(from);
    await expectRefused(content.replace(from, to), { status: 422, code: 'STATEMENT_SUMS_DIFFER' });
  });
});

describe('what the outbox held and was refused', () => {
  test('a statement before its predecessor: seen at once, taken by itself once the gap is filled', async () => {
    await upload(await statementOf({ account }, [strange(0)]));
    const contents = [];
    for (let index = 1; index <= 4; index += 1)
      contents.push(await statementOf({ account }, [strange(index)]));
    publish('4', contents[2]!);
    publish('5', contents[3]!);
    publish('3', contents[1]!);
    await collect();
    const waiting = await refusedDocuments();
    expect(waiting).toMatchObject([
      {
        bankDocument: '4',
        kind: 'camt.053',
        sequence: 4,
        code: 'STATEMENT_GAP',
        waiting: true,
        status: 'open',
      },
      { bankDocument: '5', sequence: 5 },
      { bankDocument: '3', sequence: 3 },
    ]);
    expect(waiting[0]!.reason).toEqual({
      vi: expect.stringContaining('phải là 2, sao kê ghi 4'),
      en: expect.stringContaining('must be 2, the statement says 4'),
    });
    const idle = await databaseDigest(harness.dataSource);
    await collect();
    expect(await databaseDigest(harness.dataSource)).toEqual(idle);
    await upload(contents[0]!);
    await collect();
    expect(await refusedDocuments()).toMatchObject([
      { bankDocument: '4', status: 'taken', takenBy: 'system' },
      { bankDocument: '5', status: 'taken' },
      { bankDocument: '3', status: 'taken' },
    ]);
    expect((await client.get('/v1/verification').expect(200)).body).toMatchObject({ ok: true });
  });

  test('the missing one comes by the outbox as well; several collectors take each once', async () => {
    const contents = [];
    for (let index = 0; index < 4; index += 1)
      contents.push(await statementOf({ account }, [strange(index)]));
    publish('1', contents[0]!);
    publish('3', contents[2]!);
    publish('4', contents[3]!);
    publish('2', contents[1]!);
    await Promise.all([collect(), collect(), collect()]);
    await collect();
    expect((await refusedDocuments()).map(({ status }) => status)).toEqual(['taken', 'taken']);
    const [counted] = (await harness.dataSource.query(
      `SELECT array_agg(sequence::int ORDER BY position) AS numbers FROM statement WHERE fund_id = $1`,
      [fundId],
    )) as { numbers: number[] }[];
    expect(counted!.numbers).toEqual([1, 2, 3, 4]);
  });

  test('of another fund’s account: refused here, whoever else pays from it', async () => {
    const other = await accountOf(harness, await openFund(harness));
    publish('x', await statementOf({ account: other }, [strange(0)]));
    await collect();
    expect(await refusedDocuments()).toMatchObject([{ code: 'STATEMENT_UNKNOWN_ACCOUNT', waiting: false }]);
  });

  test('somebody takes it again: refused for as long as the reason stands, then taken once', async () => {
    publish('broken', '<broken');
    await collect();
    const [document] = await refusedDocuments();
    expect(document).toMatchObject({
      code: 'STATEMENT_UNREADABLE',
      kind: null,
      documentId: null,
      attempts: 1,
    });
    const retry = (key?: string) => client.post(`/v1/refused-documents/${document!.id}/retry`, {}, key);
    expect((await retry().expect(422)).body).toMatchObject({ code: 'STATEMENT_UNREADABLE' });
    expect(await refusedDocuments()).toMatchObject([{ status: 'open', attempts: 2 }]);
    bank.published[0]!.content = await statementOf({ account }, debitsOf(batch, lines));
    const key = 'retry-of-a-refused-document';
    const { body } = await retry(key).expect(200);
    expect(body).toMatchObject({ status: 'taken', takenBy: 'operator', attempts: 3 });
    expect((await retry(key).expect(200)).body).toEqual(body);
    expect((await retry().expect(409)).body).toMatchObject({ code: 'REFUSED_DOCUMENT_TAKEN' });
    expect(await readBatch(harness, batch.id)).toMatchObject({ state: 'reconciled' });
    const { body: log } = await client
      .get(`/v1/audit-events?subject=refusedDocument/${document!.id}`)
      .expect(200);
    expect((log as { items: { verb: string }[] }).items.map(({ verb }) => verb)).toEqual([
      'refusedDocument.retry',
      'statement.refuse',
      'statement.refuse',
    ]);
  });

  test('a bank that does not hand it out again: it stays, and the caller may try later', async () => {
    publish('broken', '<broken');
    await collect();
    const [document] = await refusedDocuments();
    const original = bank.document.bind(bank);
    bank.document = () => Promise.reject(new OutcomeUnknown('no answer'));
    try {
      const { body } = await client.post(`/v1/refused-documents/${document!.id}/retry`).expect(503);
      expect(body).toMatchObject({ code: 'BANK_SILENT' });
    } finally {
      bank.document = original;
    }
    expect(await refusedDocuments()).toMatchObject([{ status: 'open', attempts: 1 }]);
  });

  test('another office sees none of it', async () => {
    publish('broken', '<broken');
    await collect();
    const [document] = await refusedDocuments();
    const stranger = await harness.as({ ...maker, office: '256' });
    const { body } = await stranger.get(`/v1/refused-documents?fundId=${fundId}`).expect(200);
    expect(body).toEqual({ items: [], next: null });
    await stranger.post(`/v1/refused-documents/${document!.id}/retry`).expect(404);
  });

  test('the list has pages, a filter, and is in the graph', async () => {
    for (const id of ['a', 'b', 'c']) publish(id, `<broken-${id}`);
    await collect();
    const { body } = await client.get(`/v1/refused-documents?fundId=${fundId}&limit=2`).expect(200);
    const { items, next } = body as { items: RefusedDocumentView[]; next: string };
    expect(items.map(({ bankDocument }) => bankDocument)).toEqual(['a', 'b']);
    const rest = await refusedDocuments(`fundId=${fundId}&limit=2&after=${next}`);
    expect(rest.map(({ bankDocument }) => bankDocument)).toEqual(['c']);
    expect(await refusedDocuments(`fundId=${fundId}&status=taken`)).toEqual([]);
    const { data } = await ask(
      client,
      `{ refusedDocuments(first: 2, fundId: "${fundId}") { edges { node { bankDocument code reason { vi } fund { id } } } } }`,
    );
    expect(data).toMatchObject({
      refusedDocuments: { edges: [{ node: { bankDocument: 'a', fund: { id: fundId } } }, {}] },
    });
  });
});
