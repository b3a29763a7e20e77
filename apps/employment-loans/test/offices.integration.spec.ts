import { afterAll, beforeAll, expect, test } from '@jest/globals';
import exceljs from 'exceljs';
import type { Operation, PlayedClient } from '@ansinh/testing';
import { listTypes } from '@ansinh/uploads';
import { describeEmploymentLoans } from '../src/api-description.js';
import type { LoanView } from '../src/loan/loan.dto.js';
import { type Harness, startHarness } from './harness.js';
import { apply, planned, read, today } from './lending.js';
import { operationsOf, type Records, request } from './operations.js';

/** Two districts and one commune; all may do everything, within their own area. */
const offices = { bacNinh: ['256', '09169'], tuSon: ['261', '09367'], vuNinh: ['09169', '09169'] } as const;
type Office = keyof typeof offices;

let harness: Harness;
let operations: Operation[];
const kept = {} as Record<Office, Records & { client: PlayedClient }>;
beforeAll(async () => {
  harness = await startHarness();
  operations = operationsOf(harness);
  for (const office of Object.keys(offices) as Office[]) {
    const [code, placeCode] = offices[office];
    const client = await harness.as({ sub: `officer-${code}`, office: code });
    const loan = await apply(client, { placeCode });
    const plan = await planned(client, '1000000', { placeCode: code, source: 'district' });
    const bankFileId = await bankFileOf(client, loan);
    const bankExceptionId = await exceptionIn(code, bankFileId);
    const listId = await listIn(code);
    kept[office] = {
      client,
      loanId: loan.id,
      planId: plan.id,
      placeCode,
      listId,
      bankFileId,
      bankExceptionId,
    };
  }
});
afterAll(() => harness.stop());

/** A list as it stands on its way: planted, because what leads to it takes three offices. */
async function listIn(office: string): Promise<string> {
  const [list] = await harness.dataSource.query<{ id: string }[]>(
    `INSERT INTO payout (id, office_code, fund_id, programme_code, purpose, period, channel, decided_by, rows, amount, list_digest)
     VALUES (gen_random_uuid(), $1, gen_random_uuid(), 'EL', 'p', '2022', 'c', 'a', 1, 1, 'd') RETURNING id`,
    [office],
  );
  return list!.id;
}

/** Lists name their loans in the body. */
const isListOfLoans = ({ path, id }: Operation) => path.includes('/loan-lists/') && id !== 'applyForLoans';
const named = (operation: Operation) =>
  isListOfLoans(operation) || (operation.path.includes('{id}') && operation.id !== 'getKeyRotation');

/** A file with a payment of a loan of this office. */
async function bankFileOf(client: PlayedClient, { code }: { code: string }): Promise<string> {
  const file = `Mã khoản vay,Số tiền,Ngày trả,Số chứng từ\n${code},1000,${today()},BT-${code}`;
  const { body } = await client.upload('/v1/bank-files?kind=repayments', file, listTypes.csv).expect(201);
  return (body as { id: string }).id;
}

async function exceptionIn(office: string, fileId: string): Promise<string> {
  const [exception] = await harness.dataSource.query<{ id: string }[]>(
    `INSERT INTO bank_exception (id, source, code, office_code, file_id, row_no, loan_code, counts_on, reference)
     VALUES (uuidv7(), 'repayments', 'LOAN_UNKNOWN', $1, $2, 1, 'VV-99999999', '2022-01-01', 'x') RETURNING id`,
    [office, fileId],
  );
  return exception!.id;
}

/** What an office itself enters, what is nobody's, the audit log, which has its own suite, and keys, which are the service's. */
const open = [
  'applyForLoan',
  'applyForLoans',
  'bringBankFile',
  'closeLoanDay',
  'confirmLaw',
  'createCapitalPlan',
  'getKeyRotation',
  'previewLoanSchedule',
  'proveAuditEvent',
  'rotateKey',
  'sendDisbursements',
];

test.each([
  ['tuSon', 'bacNinh'],
  ['bacNinh', 'tuSon'],
  ['vuNinh', 'tuSon'],
] as [Office, Office][])(
  'for %s a record of %s is not there, whatever is asked of it',
  async (mine, theirs) => {
    const asked = operations.filter(named);
    expect(asked.length).toBeGreaterThan(20);
    for (const operation of asked) {
      const { body } = await request(kept[mine].client, operation, kept[theirs]);
      expect({ id: operation.id, ...(body as object) }).toMatchObject({ id: operation.id, status: 404 });
    }
  },
);

test('no list shows what is another office’s, and every list was looked at', async () => {
  const lists = operations.filter((operation) => operation.method === 'get' && !operation.path.includes('{'));
  const others = operations.filter((operation) => !named(operation) && !lists.includes(operation));
  expect(others.map(({ id }) => id).sort()).toEqual(open);
  for (const operation of lists) {
    const { text } = await request(kept.tuSon.client, operation, kept.tuSon).expect(200);
    const { loanId, planId, bankFileId, bankExceptionId } = kept.bacNinh;
    for (const mark of [loanId, planId, bankFileId, bankExceptionId])
      expect(`${operation.id}: ${text}`).not.toContain(mark);
  }
});

/** Lists that come by pages; events, which programs follow, and the audit log, which is handed out as lines, are not among them. */
function pagedLists(): { path: string; types: string[] }[] {
  const { paths, components } = describeEmploymentLoans(harness.app);
  return Object.entries(paths).flatMap(([path, { get }]) => {
    const reply = get?.responses['200'];
    const content = reply && 'content' in reply ? reply.content : undefined;
    const schema = content?.['application/json']?.schema;
    const name = schema && '$ref' in schema ? schema.$ref.split('/').at(-1)! : '';
    const page = components?.schemas?.[name];
    const isPaged = page !== undefined && 'properties' in page && 'next' in (page.properties ?? {});
    return isPaged && !path.includes('/audit-') && path !== '/v1/events'
      ? [{ path, types: Object.keys(content!) }]
      : [];
  });
}

/** A list as a workbook, its cells as texts; the titles stand first. */
async function sheetOf(client: PlayedClient, path: string): Promise<string[][]> {
  const { body } = await client
    .get(path)
    .set('accept', listTypes.xlsx)
    .responseType('blob')
    .expect(200)
    .expect('content-type', listTypes.xlsx);
  const workbook = new exceljs.Workbook();
  await workbook.xlsx.load(body as exceljs.Buffer);
  const rows = workbook.worksheets[0]!.getSheetValues() as (string | undefined)[][];
  return rows.slice(1).map((cells) => Array.from(cells, (cell) => cell ?? '').slice(1));
}

test('every list is a workbook too, of the same rows, and of the office’s own alone', async () => {
  const lists = pagedLists();
  expect(lists.length).toBeGreaterThan(6);
  const { client, loanId, bankFileId } = kept.tuSon;
  for (const { path, types } of lists) {
    expect({ path, types }).toEqual({ path, types: ['application/json', listTypes.xlsx] });
    const asked = path.replace('{id}', bankFileId);
    const { items } = (await client.get(asked).expect(200)).body as { items: unknown[] };
    const [titles, ...rows] = await sheetOf(client, asked);
    expect({ path, rows: rows.length }).toEqual({ path, rows: items.length });
    expect({ path, isTitled: titles!.every((title) => title !== '') }).toEqual({ path, isTitled: true });
  }
  const mine: LoanView = await read(client, { id: loanId });
  expect((await sheetOf(client, '/v1/loans')).slice(1).map(([code]) => code)).toEqual([mine.code]);
});

test('what an office has, every operation finds', async () => {
  for (const operation of operations.filter(named)) {
    const { status } = await request(kept.bacNinh.client, operation, kept.bacNinh);
    expect({ id: operation.id, status }).not.toMatchObject({ status: 404 });
    expect({ id: operation.id, isServed: status < 500 }).toMatchObject({ isServed: true });
  }
});

test('a loan that its own office and another one open in turn is shown to its own alone', async () => {
  const { loanId, client } = kept.bacNinh;
  const opened = (by: PlayedClient) => by.get(`/v1/loans/${loanId}/book`);
  // After the fifth time PostgreSQL keeps one plan for all who ask by a connection.
  for (let turn = 0; turn < 8; turn += 1) {
    expect((await opened(client)).body).toMatchObject({ status: 409, code: 'LOAN_STATE' });
    expect((await opened(kept.tuSon.client)).body).toMatchObject({ status: 404, code: 'LOAN_NOT_FOUND' });
  }
});

test('an application of another area is not taken, nor a plan made for it', async () => {
  const { client } = kept.tuSon;
  for (const id of ['applyForLoan', 'applyForLoans', 'createCapitalPlan']) {
    const operation = operations.find((each) => each.id === id)!;
    const { status } = await request(client, operation, kept.bacNinh);
    expect({ id, status }).toEqual({ id, status: 422 });
  }
});

test('an office that no place code names sees nothing, and changes nothing', async () => {
  const stranger = await harness.as({ sub: 'stranger', office: '99999' });
  expect((await stranger.get('/v1/loans').expect(200)).body).toEqual({ items: [], next: null });
  for (const operation of operations.filter((each) => named(each) || each.id.startsWith('applyForLoan'))) {
    const { status } = await request(stranger, operation, kept.bacNinh);
    expect({ id: operation.id, isRefused: [403, 404].includes(status) }).toMatchObject({ isRefused: true });
  }
});
