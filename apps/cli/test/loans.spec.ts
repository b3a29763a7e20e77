import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import type { BankFile, DayClosing } from '@ansinh/client';
import { type Service, startService } from './service.js';
import { messagesIn } from '../src/messages/index.js';
import { ansinh } from './terminal.js';

let service: Service;
beforeEach(async () => {
  service = await startService();
});
afterEach(() => service.stop());

const run = (...argv: string[]) =>
  ansinh('http://127.0.0.1:9', argv, { env: { ANSINH_EMPLOYMENT_LOANS_URL: service.url } });

const begun: DayClosing = {
  day: '2022-05-31',
  state: 'closing',
  loans: 12_000,
  done: 0,
  entries: 0,
  moves: 0,
  startedAt: '2022-05-31T17:00:00.000Z',
  closedAt: null,
};

test('loans close-day watches until the day is closed', async () => {
  const done = [5_000, 12_000];
  service.on('POST /v1/day-closings', () => begun);
  service.on('GET /v1/day-closings', () => {
    const now = done.shift()!;
    const state = now === begun.loans ? 'closed' : 'closing';
    return { items: [{ ...begun, done: now, entries: 3 * now, state }], next: null };
  });
  const { code, out, err } = await run('loans', 'close-day', '--day', '2022-05-31');
  expect(code).toBe(0);
  expect(err).toContain('Closing 2022-05-31');
  expect(out).toMatch(/Entries of the ledger +36,000/);
  expect(service.asked[0]).toMatchObject({ body: { day: '2022-05-31' } });
});

test('a day that is closed already is told at once', async () => {
  service.on('POST /v1/day-closings', () => ({ ...begun, state: 'closed', done: 12_000 }));
  const { code, out } = await run('loans', 'accrue', '--day', '2022-05-31', '--json');
  expect(code).toBe(0);
  expect(JSON.parse(out)).toMatchObject({ state: 'closed' });
  expect(service.asked).toHaveLength(1);
});

const brought: BankFile = {
  id: '0199b2c4-7c1a-7000-8000-000000000042',
  kind: 'repayments',
  asOf: null,
  rows: 1_500,
  blocked: 1,
  foreseen: [{ outcome: 'booked', rows: 1_499, amount: '700000000' }],
  applied: 0,
  outcomes: [],
  missing: 0,
  ourPrincipal: null,
  isFinished: false,
  agrees: null,
};

const api = JSON.parse(
  readFileSync(new URL('../../employment-loans/openapi.json', import.meta.url), 'utf8'),
) as { components: { schemas: Record<string, { properties: Record<string, { enum: string[] }> }> } };
/** What a property may be by the interface of the service. */
const enumOf = (schema: string, property: string) =>
  api.components.schemas[schema]!.properties[property]!.enum;

/** Runs a command on a file that is there while it runs. */
async function withFile(...argv: string[]) {
  const folder = mkdtempSync(join(tmpdir(), 'ansinh-loans-'));
  const path = join(folder, 'bank.csv');
  writeFileSync(path, 'Mã khoản vay\n');
  try {
    return await run('loans', argv[0]!, path, ...argv.slice(1));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

test('loans import-repayments takes the file up chunk by chunk; a dry run only looks', async () => {
  service.on('POST /v1/bank-files', () => brought);
  const looked = await withFile('import-repayments', '--dry-run');
  // A row that cannot be read is something to see to.
  expect(looked.code).toBe(3);
  expect(looked.out).toMatch(/booked +1,499 +700,000,000/);
  expect(service.asked).toHaveLength(1);
  const applied = [1_000, 1_500];
  service.on(`POST /v1/bank-files/${brought.id}/chunks`, () => {
    const now = applied.shift()!;
    const isFinished = now === brought.rows;
    return { ...brought, applied: now, isFinished, agrees: isFinished ? false : null };
  });
  const { code, out, err } = await withFile('import-repayments');
  expect(code).toBe(3);
  expect(err).toContain(`ansinh loans import-repayments ${brought.id} --go-on`);
  expect(out).toMatch(/Taken up +1,500/);
  expect(applied).toEqual([]);
});

test('what became of rows is told in words, and every outcome that the service knows has some', async () => {
  service.on('POST /v1/bank-files', () => ({
    ...brought,
    foreseen: [{ outcome: 'BORROWER_DIFFERS', rows: 2, amount: '100' }],
  }));
  const inVietnamese = await withFile('import-repayments', '--dry-run', '--lang', 'vi');
  expect(inVietnamese.out).toMatch(/khác người vay +2 +100/);
  expect((await withFile('import-repayments', '--dry-run')).out).toContain('another borrower');
  const codes = ['booked', 'known', 'agrees', ...enumOf('BankExceptionView', 'code')];
  expect(codes.length).toBeGreaterThan(15);
  for (const language of ['vi', 'en'] as const)
    expect(Object.keys(messagesIn(language).loans.outcomes)).toEqual(expect.arrayContaining(codes));
});

test('loans exceptions are told in words', async () => {
  const item = {
    id: 'a',
    code: 'LOAN_MISSING',
    message: '',
    loanCode: 'VV-1',
    on: '2022-06-30',
    reference: '',
  };
  service.on('GET /v1/bank-exceptions', () => ({ items: [item], next: null }));
  const { out } = await run('loans', 'exceptions', '--lang', 'vi');
  expect(out).toContain('còn dư nợ mà không có trong tệp');
});

test('loans reconcile asks for a day, and says where everything agrees', async () => {
  expect((await withFile('reconcile')).code).toBe(2);
  expect(service.asked).toHaveLength(0);
  const agreed = { ...brought, kind: 'balances', blocked: 0, applied: 1_500, isFinished: true, agrees: true };
  service.on('POST /v1/bank-files', () => ({ ...agreed, ourPrincipal: '5000000' }));
  const { code, out } = await withFile('reconcile', '--as-of', '2022-06-30');
  expect(code).toBe(0);
  expect(out).toContain('everything agrees');
});
