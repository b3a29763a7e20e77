import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { Agent } from 'undici';
import { ZipFile } from 'yazl';
import { spawnApp, type SpawnedApp } from '@ansinh/testing';
import type { BatchView } from '../src/batch/batch.dto.js';
import { CheckService } from '../src/finding/check.service.js';
import { streamedTypes } from '../src/rest.js';
import { accountOf, debitOf, mt940Of, noticeOf } from './bank-papers.js';
import { databaseDigest } from './database-digest.js';
import { until } from './faults-harness.js';
import {
  createBatch,
  csvOf,
  type Harness,
  listHeader,
  listLine,
  maker,
  newLines,
  openFund,
  type PlayedClient,
  startHarness,
} from './harness.js';

/**
 * Bad lists and statements against the API in a process of its own. `WHOLE_BAD_INPUT=1` sends a whole gigabyte and five
 * million lines; without it a part of each, which takes the same way.
 */
const isWhole = process.env['WHOLE_BAD_INPUT'] === '1';
const howMuch = isWhole ? '' : ' (a part of it: WHOLE_BAD_INPUT=1 sends all)';
const bigBytes = isWhole ? 1_000_000_000 : 200_000_000;
const manyLines = isWhole ? 5_000_000 : 100_000;
/** The process at rest, two threads, and what a list may take of memory on top: whatever its size. */
const rssMbMax = 700;
const runs = 250;
/** An answer may take longer than the five minutes after which `fetch` gives up. */
const patient = new Agent({ headersTimeout: 0, bodyTimeout: 0 });

let harness: Harness;
let folder: string;
let api: SpawnedApp;
let client: PlayedClient;
let fundId: string;
let batch: BatchView;

beforeAll(async () => {
  harness = await startHarness();
  client = await harness.as(maker);
  folder = await mkdtemp(join(tmpdir(), 'ansinh-bad-'));
  fundId = await openFund(harness);
  batch = await createBatch(client, fundId);
  const path = `/v1/batches/${batch.id}/payments`;
  await client.list(path, csvOf(newLines(20)), streamedTypes.csv).expect(202);
  await harness.app.get(CheckService).check(batch.id);
  const { config } = harness;
  api = await spawnApp({
    app: 'disbursements',
    environment: {
      DATABASE_URL: config.databaseUrl,
      OIDC_ISSUER: config.issuer,
      SEALING_KEYS: config.sealingKeys,
      LOOKUP_KEY: config.lookupKey,
      BANK_URL: config.bankUrl,
      BANK_API_TOKEN: config.bankToken,
      LOG_LEVEL: 'error',
      TMPDIR: folder,
    },
  });
}, 180_000);
afterAll(async () => {
  process.stdout.write(`largest resident set of the API: ${api.peakRssMb()} MiB\n`);
  await api.stop();
  await harness.stop();
  await rm(folder, { recursive: true, force: true });
});

/** After each case the process lives, has not grown, and nothing that was uploaded is left on the disk. */
afterEach(async () => {
  expect((await fetch(`${api.url}/health/ready`)).status).toBe(200);
  expect(api.peakRssMb()).toBeLessThan(rssMbMax);
  expect(await readdir(folder)).toEqual([]);
});

interface Reply {
  status: number;
  body: Record<string, unknown>;
}

type Content = string | Buffer | AsyncIterable<Buffer>;

async function send(method: string, path: string, content: Content, type: string): Promise<Reply> {
  const init: RequestInit = {
    method,
    headers: {
      authorization: `Bearer ${client.token}`,
      'content-type': type,
      'accept-language': 'en',
      ...(method === 'POST' && { 'idempotency-key': randomUUID() }),
    },
    body:
      typeof content === 'string' || Buffer.isBuffer(content)
        ? content
        : Readable.toWeb(Readable.from(content)),
    duplex: 'half',
    dispatcher: patient,
  };
  const response = await fetch(`${api.url}${path}`, init);
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

const put = (content: Content, type: string, to = batch) =>
  send('PUT', `/v1/batches/${to.id}/payments?onBlocking=stop`, content, type);

async function expectUntouched(work: () => Promise<Reply>, expected: object): Promise<void> {
  const before = await databaseDigest(harness.dataSource);
  expect(await work()).toMatchObject(expected);
  expect(await databaseDigest(harness.dataSource)).toEqual(before);
}

const refused = (reason: string, pointer = '') => ({
  status: 422,
  body: {
    code: 'LIST_REFUSED',
    reason,
    detail: expect.stringMatching(/\S/),
    errors: [expect.objectContaining({ pointer, code: reason })],
  },
});

const office = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const relation = (type: string, target: string) =>
  `<Relationships><Relationship Id="r1" Type="${office}/${type}" Target="${target}"/></Relationships>`;
const rowOf = (cells: string[]) =>
  `<row>${cells.map((cell) => (cell.startsWith('<c') ? cell : `<c t="inlineStr"><is><t>${cell}</t></is></c>`)).join('')}</row>`;

/** A workbook from its rows; parts replace those of it, or come on top. */
function workbookOf(rows: string[], own: Record<string, string | Readable> = {}): Promise<Buffer> {
  const zip = new ZipFile();
  const parts: Record<string, string | Readable> = {
    '_rels/.rels': relation('officeDocument', 'xl/book.xml'),
    'xl/_rels/book.xml.rels': relation('worksheet', 'sheet.xml'),
    'xl/book.xml': `<workbook xmlns:r="${office}"><sheets><sheet name="A" r:id="r1"/></sheets></workbook>`,
    'xl/sheet.xml': `<worksheet><sheetData>${[rowOf(listHeader.split(',')), ...rows].join('')}</sheetData></worksheet>`,
    ...own,
  };
  for (const [name, content] of Object.entries(parts)) {
    if (typeof content === 'string') zip.addBuffer(Buffer.from(content), name);
    else zip.addReadStream(content, name);
  }
  zip.end();
  return buffer(zip.outputStream as Readable);
}

function* repeated(start: string, unit: string, end: string, bytes: number): Generator<Buffer> {
  yield Buffer.from(start);
  const block = Buffer.from(unit.repeat(Math.ceil(1_000_000 / unit.length)));
  for (let written = 0; written < bytes; written += block.length) yield block;
  yield Buffer.from(end);
}

const good = () => listLine(1);
const bomb = () =>
  workbookOf([], {
    'xl/sheet.xml': Readable.from(
      repeated(
        '<worksheet><sheetData>',
        '<row><c><v>0</v></c></row>',
        '</sheetData></worksheet>',
        80_000_000,
      ),
    ),
  });
const laughs = [
  '<!DOCTYPE lolz [<!ENTITY a "lol">',
  ...Array.from({ length: 9 }, (_, index) => {
    const [name, of] = [String.fromCharCode(98 + index), String.fromCharCode(97 + index)];
    return `<!ENTITY ${name} "${`&${of};`.repeat(10)}">`;
  }),
  ']>',
].join('\n');

describe('a list that is refused whole: the database stays as it was, the answer says why', () => {
  const lists: [string, string, () => Content | Promise<Content>, string, string?][] = [
    ['Latin-1', streamedTypes.csv, () => Buffer.from(csvOf([good()]), 'latin1'), 'WRONG_ENCODING'],
    [
      'UTF-16 of the other order',
      streamedTypes.csv,
      () => Buffer.from(`\ufeff${csvOf([good()])}`, 'utf16le').swap16(),
      'WRONG_ENCODING',
    ],
    ['a zip bomb as XLSX', streamedTypes.xlsx, bomb, 'WORKBOOK_TOO_LARGE'],
    [
      'a workbook with macros',
      streamedTypes.xlsx,
      () => workbookOf([rowOf(good().split(','))], { 'xl/vbaProject.bin': 'Sub AutoOpen()' }),
      'WORKBOOK_WITH_MACROS',
    ],
    [
      'a billion laughs in a workbook',
      streamedTypes.xlsx,
      () => workbookOf([], { 'xl/sheet.xml': `${laughs}<worksheet><sheetData>&j;</sheetData></worksheet>` }),
      'BROKEN_WORKBOOK',
    ],
    [
      'a workbook that ends early',
      streamedTypes.xlsx,
      async () => (await workbookOf([rowOf(good().split(','))])).subarray(0, -40),
      'NOT_A_WORKBOOK',
    ],
    [
      'a column twice',
      streamedTypes.csv,
      () => `${listHeader},Số tiền\n${good()},5\n`,
      'DUPLICATE_COLUMN',
      '/columns/amount',
    ],
    [
      'a column under an invisible sign',
      streamedTypes.csv,
      () => `${listHeader},am\u200bount\n${good()},5\n`,
      'DUPLICATE_COLUMN',
      '/columns/amount',
    ],
    [
      'no header',
      streamedTypes.csv,
      () => `${good()}\n`.replace(/^\d+/, 'x'),
      'MISSING_COLUMN',
      '/columns/payeeId',
    ],
    ['a header alone', streamedTypes.csv, () => `${listHeader}\n`, 'EMPTY_LIST'],
  ];

  test.each(lists)('%s', async (...[, type, make, reason, pointer]) => {
    const content = await make();
    const expected = refused(reason, pointer);
    if (reason === 'MISSING_COLUMN')
      expected.body.errors = expect.arrayContaining(expected.body.errors) as never;
    await expectUntouched(() => put(content, type), expected);
  });

  test(`a gigabyte in one line${howMuch}`, async () => {
    const endless = () => repeated(`${csvOf([good()])}`, 'x', '', bigBytes);
    await expectUntouched(
      () => put(Readable.from(endless()), streamedTypes.csv),
      refused('LINE_TOO_LONG', '/lines/3'),
    );
  }, 300_000);

  test('a connection that ends before its list does', async () => {
    const before = await databaseDigest(harness.dataSource);
    const upload = request(`${api.url}/v1/batches/${batch.id}/payments`, {
      method: 'PUT',
      headers: {
        authorization: `Bearer ${client.token}`,
        'content-type': streamedTypes.csv,
        'content-length': 100_000,
      },
    });
    upload.on('error', () => undefined);
    upload.write(csvOf([good(), good()]));
    await until('a part of it is on the disk', async () => {
      const value = (await readdir(folder)).length;
      return { done: value > 0, value };
    });
    upload.destroy();
    await until('nothing of it is on the disk', async () => {
      const value = (await readdir(folder)).length;
      return { done: value === 0, value };
    });
    expect(await databaseDigest(harness.dataSource)).toEqual(before);
  });
});

/** Tables that hold a list. Everything else is money, and does not change whatever a list says. */
const listTables = ['batch', 'payment_line', 'sealed_block', 'finding', 'audit_event', 'audit_head'];

describe('a list with bad rows: each is told with its column, and nothing of it can be paid', () => {
  const amounts: [string, string][] = [
    ['negative', '-1500000'],
    ['with an exponent', '1.5e6'],
    ['with an exponent, in capitals', '15E5'],
    ['with points between thousands', '1.500.000'],
    ['with spaces between thousands', '1 500 000'],
    ['with narrow spaces between thousands', '1\u202f500\u202f000'],
    ['in full-width digits', '１５０００００'],
    ['in Arabic digits', '١٥٠٠٠٠٠'],
    ['with a zero-width space', '1500\u200b000'],
    ['written from right to left', '\u202e0000051'],
    ['with a zero in front', '01500000'],
    ['with decimals', '1500000.00'],
    ['of 400 digits', '9'.repeat(400)],
    ['a formula', '=1500000'],
    ['nothing', ''],
  ];
  const rows: [string, string, () => Content | Promise<Content>, string][] = [
    ...amounts.map(([name, amount]): (typeof rows)[number] => [
      `an amount ${name}`,
      streamedTypes.csv,
      () => csvOf([listLine(1, { amount })]),
      'amount',
    ]),
    [
      'a citizen number with zero-width signs',
      streamedTypes.csv,
      () => csvOf([listLine(1, { payeeId: '02720\u200b1000001' })]),
      'payeeId',
    ],
    [
      'an account in full-width digits',
      streamedTypes.csv,
      () => csvOf([listLine(1, { account: '２６００２０００００００１' })]),
      'account',
    ],
    [
      'a cell with a formula',
      streamedTypes.xlsx,
      () =>
        workbookOf([
          rowOf(
            good()
              .split(',')
              .map((cell, at) => (at === 4 ? '<c><f>SUM(A1:A9)</f><v>1500000</v></c>' : cell)),
          ),
        ]),
      'amount',
    ],
    ['the header once more', streamedTypes.csv, () => `${listHeader}\n${listHeader}\n`, 'amount'],
    ['a list that ends in the middle of a row', streamedTypes.csv, () => csvOf([good()]).slice(0, -40), ''],
  ];

  test.each(rows)('%s', async (_, type, make, column) => {
    const fresh = await createBatch(client, fundId);
    const before = await databaseDigest(harness.dataSource, listTables);
    expect(await put(await make(), type, fresh)).toMatchObject({ status: 202, body: { rows: 1 } });
    await harness.app.get(CheckService).check(fresh.id);
    const { body } = await client.get(`/v1/batches/${fresh.id}/findings`).expect(200);
    const findings = (body as { items: { row: number; column: string | null; severity: string }[] }).items;
    expect(findings).toContainEqual(expect.objectContaining({ row: 1, severity: 'block' }));
    if (column) expect(findings.map((finding) => finding.column)).toContain(column);
    const [line] = (await harness.dataSource.query(
      'SELECT amount FROM payment_line JOIN batch ON batch.number = batch_number WHERE batch.id = $1',
      [fresh.id],
    )) as { amount: string | null }[];
    if (column === 'amount') expect(line).toEqual({ amount: null });
    const submission = await client.post(`/v1/batches/${fresh.id}/submission`).expect(409);
    expect(submission.body).toMatchObject({ code: 'BLOCKING_FINDINGS' });
    expect(await databaseDigest(harness.dataSource, [...listTables, 'idempotency_key'])).toEqual(
      Object.fromEntries(Object.entries(before).filter(([table]) => table !== 'idempotency_key')),
    );
  });
});

describe('a statement that is an attack', () => {
  const statement = (content: Content, type: string = streamedTypes.xml) =>
    send('POST', '/v1/statements', content, type);
  const unreadable = (code: string) => ({
    status: 422,
    body: { code: 'STATEMENT_UNREADABLE', iso20022: code },
  });

  test('a billion laughs', async () => {
    await expectUntouched(
      () => statement(`<?xml version="1.0"?>${laughs}<Document>&j;</Document>`),
      unreadable('DOCTYPE_REFUSED'),
    );
  });

  test.each([
    'SYSTEM "http://127.0.0.1:PORT/x"',
    'SYSTEM "file:///etc/passwd"',
    'PUBLIC "x" "http://127.0.0.1:PORT/x"',
  ])('an external entity: %s', async (entity) => {
    let asked = 0;
    const listener = createServer((_, response) => {
      asked += 1;
      response.end('x');
    }).listen(0, '127.0.0.1');
    await once(listener, 'listening');
    const { port } = listener.address() as AddressInfo;
    const document = `<!DOCTYPE Document [<!ENTITY x ${entity.replace('PORT', String(port))}>]><Document>&x;</Document>`;
    await expectUntouched(() => statement(document), unreadable('DOCTYPE_REFUSED'));
    expect(asked).toBe(0);
    listener.close();
  });

  test('one text, one attribute and one MT940 line that do not end; elements in elements', async () => {
    const start = '<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"><BkToCstmrStmt>';
    const endless = (head: string, unit: string) => Readable.from(repeated(head, unit, '', bigBytes / 10));
    for (const [content, code] of [
      [endless(`${start}<GrpHdr><MsgId>`, 'x'), 'LIMIT_EXCEEDED'],
      [endless(`${start}<GrpHdr a="`, 'x'), 'LIMIT_EXCEEDED'],
      [endless(start, '<a>'), 'LIMIT_EXCEEDED'],
      [endless(':20:', 'x'), 'LIMIT_EXCEEDED'],
      [endless(':20:X\n:86:', 'x\n'), 'LIMIT_EXCEEDED'],
    ] as const) {
      await expectUntouched(() => statement(content), unreadable(code));
    }
  }, 300_000);

  test('an early end, another encoding, and what is no statement', async () => {
    const account = await accountOf(harness, fundId);
    const movement = debitOf(batch, [good()], 1);
    const notice = await noticeOf({ account }, [movement]);
    const mt940 = mt940Of({ account, offBy: 0n }, [movement]);
    for (const content of [
      notice.slice(0, -30),
      Buffer.from(notice, 'utf16le'),
      Buffer.from(notice.replace('SO LAO', 'SỞ LAO'), 'latin1'),
      mt940.slice(0, mt940.indexOf(':62F:')),
      csvOf([good()]),
      await workbookOf([rowOf(good().split(','))]),
      Buffer.alloc(100_000),
    ]) {
      await expectUntouched(() => statement(content), {
        status: 422,
        body: { code: 'STATEMENT_UNREADABLE' },
      });
    }
  });
});

const badCell = fc.oneof(
  fc.constantFrom(
    ...[
      '-5',
      '1e6',
      '1.500.000',
      '1 500',
      '１５００',
      '15\u200b00',
      '1500\u202e',
      '0x10',
      '015',
      'NaN',
      '=1+1',
    ],
    ...['1\u00005', '\ud8001', '9'.repeat(400), '', '"', '"1', 'a\nb', '\r', 'x'.repeat(5_000), '\\N', '\\.'],
  ),
  fc.string({ unit: 'binary', maxLength: 20 }),
);

const damage = fc.oneof(
  fc.constant((bytes: Buffer) => bytes),
  fc.nat(10_000).map((at) => (bytes: Buffer) => bytes.subarray(0, at % (bytes.length + 1))),
  fc
    .tuple(fc.nat(10_000), fc.uint8Array({ minLength: 1, maxLength: 8 }))
    .map(([at, more]) => (bytes: Buffer) => {
      const place = at % bytes.length;
      return Buffer.concat([bytes.subarray(0, place), more, bytes.subarray(place)]);
    }),
  fc.constant((bytes: Buffer) => Buffer.from(bytes.toString(), 'latin1')),
  fc.constant((bytes: Buffer) => Buffer.from(`\ufeff${bytes.toString()}`, 'utf16le')),
);

test(`${runs} malformed lists over HTTP: refused and the database as it was, or every row accounted for`, async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(fc.nat(10), badCell), { minLength: 1, maxLength: 4 }),
      damage,
      fc.constantFrom('csv' as const, 'ndjson' as const, 'xlsx' as const),
      async (cells, spoil, format) => {
        const rows = cells.map(([column, cell], index) => {
          const row = listLine(index + 1).split(',');
          row[column] = cell;
          return row;
        });
        const names = listHeader.split(',');
        const objects = rows.map((row) =>
          JSON.stringify(Object.fromEntries(row.map((cell, at) => [names[at], cell]))),
        );
        const text = format === 'csv' ? csvOf(rows.map((row) => row.join(','))) : objects.join('\n');
        const whole = format === 'xlsx' ? await workbookOf(rows.map(rowOf)) : Buffer.from(text);
        await expectAccounted(spoil(whole), streamedTypes[format]);
      },
    ),
    { numRuns: runs },
  );
}, 600_000);

let draft: BatchView | null = null;
let money: Record<string, string> | null = null;

async function expectAccounted(content: Buffer, type: string): Promise<void> {
  draft ??= await createBatch(client, fundId);
  money ??= await databaseDigest(harness.dataSource);
  const { status, body } = await put(content, type, draft);
  const after = await databaseDigest(harness.dataSource);
  if (status !== 202) {
    expect({ status, body }).toMatchObject({
      status: 422,
      body: { code: 'LIST_REFUSED', errors: expect.arrayContaining([expect.objectContaining({})]) },
    });
    expect(after).toEqual(money);
    return;
  }
  for (const table of listTables) delete money[table];
  expect(after).toMatchObject(money);
  const [stored] = (await harness.dataSource.query(
    `SELECT count(*)::int AS rows, count(*) FILTER (WHERE amount IS NULL AND NOT EXISTS (
        SELECT FROM finding WHERE finding.batch_number = line.batch_number AND finding.row_no = line.row_no))::int AS silent
     FROM payment_line line JOIN batch ON batch.number = line.batch_number WHERE batch.id = $1`,
    [draft.id],
  )) as { rows: number; silent: number }[];
  expect(stored).toEqual({ rows: body['rows'], silent: 0 });
  draft = null;
  money = null;
}

/** Last, because digests of the whole database take long once they are in it. */
describe('very long lists', () => {
  test(`five million lines, each of them bad${howMuch}`, async () => {
    const fresh = await createBatch(client, fundId);
    const before = await databaseDigest(harness.dataSource, listTables);
    function* lines(): Generator<Buffer> {
      yield Buffer.from(`${listHeader}\n`);
      for (let from = 0; from < manyLines; from += 100_000) yield Buffer.from('x\n'.repeat(100_000));
    }
    const startedAt = performance.now();
    const { status, body } = await put(Readable.from(lines()), streamedTypes.csv, fresh);
    const seconds = Math.round((performance.now() - startedAt) / 1_000);
    expect({ status, rows: body['rows'] }).toEqual({ status: 202, rows: manyLines });
    process.stdout.write(`${manyLines} bad lines in ${seconds} s, peak ${api.peakRssMb()} MiB\n`);
    expect(await databaseDigest(harness.dataSource, listTables)).toEqual(before);
  }, 900_000);

  test(`five million good lines${howMuch}`, async () => {
    const fresh = await createBatch(client, fundId);
    function* lines(): Generator<Buffer> {
      yield Buffer.from(`${listHeader}\n`);
      for (let from = 0; from < manyLines; from += 10_000) {
        const some = Array.from({ length: 10_000 }, (_, index) => listLine(1 + ((from + index) % 99_999)));
        yield Buffer.from(`${some.join('\n')}\n`);
      }
    }
    const startedAt = performance.now();
    const { status, body } = await put(Readable.from(lines()), streamedTypes.csv, fresh);
    const seconds = Math.round((performance.now() - startedAt) / 1_000);
    expect({ status, rows: body['rows'] }).toEqual({ status: 202, rows: manyLines });
    process.stdout.write(`${manyLines} lines in ${seconds} s, peak ${api.peakRssMb()} MiB\n`);
  }, 900_000);
});
