import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { FundReport, LoanJob, LoanLaw, LoanPortfolio, LoanReminder } from '@ansinh/client';
import { messagesIn } from '../src/messages/index.js';
import { type Service, startService } from './service.js';
import { ansinh, temporaryDirectory } from './terminal.js';

let service: Service;
beforeEach(async () => {
  service = await startService();
});
afterEach(() => service.stop());

const run = (...argv: string[]) =>
  ansinh('http://127.0.0.1:9', ['loans', ...argv], { env: { ANSINH_EMPLOYMENT_LOANS_URL: service.url } });

const loanId = '0199b2c4-7c1a-7000-8000-000000000042';
const sums = (principal: string) => ({
  ...{ loans: 1_200, principal, overduePrincipal: '5000000', interest: '70000', overdueInterest: '0' },
});
const portfolio: LoanPortfolio = {
  on: '2022-06-30',
  closedThrough: '2022-06-30',
  total: sums('90000000'),
  items: [
    {
      ...{ placeCode: '09169', productCode: null, debtGroup: '2', capitalSource: 'central' },
      ...sums('80000000'),
    },
  ],
};
const reminder: LoanReminder = {
  ...{
    loanId,
    code: 'VV-00000042',
    borrowerName: 'Nguyễn Thị Hoa',
    placeCode: '09169',
    productCode: 'EL-WORKER',
  },
  ...{ dueOn: '2022-07-01', principal: '2500000', interest: '538126' },
};
const fund: FundReport = {
  ...{ placeCode: '27', source: 'central', from: '2026-01-01', through: '2026-06-30', opening: '0' },
  ...{ disbursed: '80000000', principalCollected: '0', principalCancelled: '0', closing: '80000000' },
  ...{ interestCollected: '538126', undivided: '538126', unconfirmed: ['EL26-INT-FUND'] },
};
const job: LoanJob = {
  ...{
    loanId,
    code: 'VV-00000042',
    borrowerName: 'Công ty Đồng Tâm',
    placeCode: '09169',
    name: 'Trần Văn An',
  },
  ...{ kind: 'created', outcome: 'undecided', foundOn: '2022-06-01', contractFrom: '2022-01-01' },
  ...{ contractUntil: null, insuredFrom: null, unconfirmed: ['LJ-NOT-INSURED', 'LJ-INSURED-2018'] },
};
const decided = { outcome: 'granted', amount: '1', answer: null, unconfirmed: [] };
const law: LoanLaw = {
  on: '2022-06-01',
  ceiling: { ...decided, text: { vi: 'Mức vay\n100.000.000 đ', en: 'Ceiling\n100,000,000 đ' } },
  term: { ...decided, text: { vi: 'Thời hạn', en: 'Term' } },
  rate: { ...decided, outcome: 'unconfirmed', text: { vi: 'Lãi suất', en: 'Rate' } },
  collateral: { ...decided, text: { vi: 'Bảo đảm', en: 'Collateral' } },
};

test('loans portfolio shows the lines and their sum by what was asked', async () => {
  service.on('GET /v1/loan-portfolio', () => portfolio);
  const { code, out, err } = await run(
    'portfolio',
    '--on',
    '2022-06-30',
    '--by',
    'place,capitalSource',
    '--place',
    '256',
  );
  expect({ code, err }).toEqual({ code: 0, err: '' });
  expect(out).toMatch(/PLACE +CAPITAL +LOANS +PRINCIPAL/);
  expect(out).toMatch(/09169 +central +1,200 +80,000,000 đ/);
  expect(out).toMatch(/together +1,200 +90,000,000 đ/);
  expect(service.asked[0]?.query).toEqual({ on: '2022-06-30', by: 'place,capitalSource', placeCode: '256' });
});

test('loans portfolio says where days are not closed yet', async () => {
  service.on('GET /v1/loan-portfolio', () => ({ ...portfolio, closedThrough: '2022-06-29' }));
  expect((await run('portfolio', '--lang', 'vi')).err).toContain('Mới khóa sổ đến 2022-06-29');
  service.on('GET /v1/loan-portfolio', () => ({ ...portfolio, closedThrough: null }));
  const { out, err } = await run('portfolio', '--json');
  expect(err).toContain('No day is closed');
  expect(JSON.parse(out)).toMatchObject({ total: { principal: '90000000' } });
});

test('loans reminders asks for fifteen days, and pages', async () => {
  const pages = [
    { items: [reminder], next: 'a' },
    { items: [{ ...reminder, code: 'VV-00000043' }], next: null },
  ];
  service.on('GET /v1/loan-reminders', () => pages.shift());
  const { out } = await run('reminders', '--place', '09169');
  expect(out).toMatch(/2022-07-01 +VV-00000042 +Nguyễn Thị Hoa +09169 +EL-WORKER +2,500,000 đ +538,126 đ/);
  expect(out).toContain('VV-00000043');
  expect(service.asked.map(({ query }) => query)).toMatchObject([
    { days: '15', placeCode: '09169' },
    { days: '15', after: 'a' },
  ]);
});

test('loans fund-reports says which law is waited for', async () => {
  service.on('GET /v1/fund-reports', () => ({ items: [fund], next: null }));
  const { code, out, err } = await run('fund-reports', '--through', '2026-06-30', '--source', 'central');
  expect(code).toBe(0);
  expect(out).toMatch(/27 +central +2026-01-01 +2026-06-30 +0 đ +80,000,000 đ/);
  expect(err).toContain('EL26-INT-FUND');
  expect(service.asked[0]?.query).toMatchObject({ through: '2026-06-30', source: 'central' });
});

test('loans jobs tells outcomes in words, of a loan by its code', async () => {
  service.on('GET /v1/loans', () => ({ items: [{ id: loanId }], next: null }));
  service.on('GET /v1/loan-jobs', () => ({ items: [job], next: null }));
  const { out, err } = await run('jobs', '--loan', 'vv-00000042', '--outcome', 'undecided', '--lang', 'vi');
  expect(out).toMatch(/Trần Văn An +tạo mới +chưa quyết định: quy định chờ xác nhận +2022-06-01/);
  expect(err).toContain('LJ-INSURED-2018, LJ-NOT-INSURED');
  expect(service.asked.map(({ query }) => query)).toMatchObject([
    { code: 'VV-00000042' },
    { loanId, outcome: 'undecided' },
  ]);
  const { components } = JSON.parse(
    readFileSync(new URL('../../employment-loans/openapi.json', import.meta.url), 'utf8'),
  ) as { components: { schemas: { JobView: { properties: { outcome: { enum: string[] } } } } } };
  for (const language of ['vi', 'en'] as const)
    expect(Object.keys(messagesIn(language).loans.jobOutcomes).sort()).toEqual(
      components.schemas.JobView.properties.outcome.enum.sort(),
    );
});

describe.each([
  ['portfolio', 'loan-portfolio'],
  ['reminders', 'loan-reminders'],
  ['fund-reports', 'fund-reports'],
  ['jobs', 'loan-jobs'],
])('loans %s', (command, route) => {
  test('comes as a workbook', async () => {
    const folder = temporaryDirectory();
    const file = join(folder, 'list.xlsx');
    let accept: string | undefined;
    service.on(`GET /v1/${route}`, (request, reply) => {
      accept = request.headers.accept;
      return reply.type('application/octet-stream').send(Buffer.from('workbook'));
    });
    const { code, out } = await run(command, '-o', file);
    expect({ code, out }).toEqual({ code: 0, out: `Saved ${file}\n` });
    expect(readFileSync(file, 'utf8')).toBe('workbook');
    expect(accept).toContain('spreadsheetml');
    expect((await run(command, '-o', file, '--json')).out).toBe(`${JSON.stringify({ file })}\n`);
  });

  test('of which the service refuses something ends with 4, of another office with 5', async () => {
    expect(await run(command)).toMatchObject({ code: 4 });
    service.on(`GET /v1/${route}`, (_request, reply) =>
      reply.status(403).send({ type: 'x', title: 'No', status: 403, code: 'FORBIDDEN' }),
    );
    expect(await run(command)).toMatchObject({ code: 5 });
  });
});

test('loans law explains in the language of the reader', async () => {
  service.on(`GET /v1/loans/${loanId}/law`, () => law);
  const vietnamese = await run('law', loanId, '--lang', 'vi');
  expect(vietnamese.out).toContain('Mức vay: đã xác định\nMức vay\n100.000.000 đ');
  expect(vietnamese.out).toContain('Lãi suất: quy định chờ xác nhận');
  expect((await run('law', loanId)).out).toContain('By the law of 2022-06-01');
  expect(JSON.parse((await run('law', loanId, '--json')).out)).toEqual(law);
});

test('loans awaiting-law and confirm-law: a named person confirms the row that he sees', async () => {
  const citation = {
    number: '58/2014/QH13',
    name: { vi: 'Luật BHXH', en: 'Insurance Law' },
    article: '2',
    clause: '1',
  };
  const text = { vi: 'Hợp đồng từ tháng: 1 tháng', en: 'Contract from: 1 months' };
  const appliedFrom = '2018-01-01';
  const row = {
    row: 'LJ-INSURED-2018',
    text,
    appliedFrom,
    confidence: 'memory',
    citation,
    digest: 'd'.repeat(64),
  };
  service.on('GET /v1/law/awaiting-rows', () => ({ items: [row] }));
  service.on('POST /v1/law/confirmations', () => ({
    row: row.row,
    basis: 'Công báo',
    confirmedBy: 'Vũ',
    confirmedOn: '',
  }));
  expect((await run('awaiting-law', '--lang', 'vi')).out).toBe(
    'LJ-INSURED-2018 · chưa đọc văn bản · áp dụng từ 2018-01-01 · khoản 1, Điều 2, Luật BHXH\n  Hợp đồng từ tháng: 1 tháng\n',
  );
  const { out } = await run('confirm-law', 'LJ-INSURED-2018', '--basis', 'Công báo');
  expect(out).toBe('LJ-INSURED-2018 is confirmed by Vũ.\n');
  expect(service.asked.at(-1)).toMatchObject({
    body: { row: row.row, digest: row.digest, basis: 'Công báo' },
  });
  const unknown = await run('confirm-law', 'LJ-NONE', '--basis', 'Công báo');
  expect(unknown).toMatchObject({ code: 4 });
  expect(unknown.err).toContain('No row of law LJ-NONE waits');
});

test.each([
  [['portfolio', '--by', 'place,place'], 'Allowed: place, product', 'Cho phép: place, product'],
  [['portfolio', '--by', 'size'], '"size" is not a valid value', '«size» không phải giá trị hợp lệ'],
  [['portfolio', '--on', '30/06/2022'], 'Write a day as 2022-06-30.', 'Hãy viết ngày như 2022-06-30.'],
  [['portfolio', '--place', 'Vũ Ninh'], 'as 256', 'như 256'],
  [['reminders', '--days', '0'], 'Write a whole number above zero.', 'Hãy viết số nguyên lớn hơn 0.'],
  [['reminders', '--place', '256'], 'as 09169', 'như 09169'],
  [
    ['fund-reports', '--source', 'bank'],
    'Allowed: central, province, district.',
    'Cho phép: central, province',
  ],
  [['jobs', '--outcome', 'maybe'], 'Allowed: counted', 'Cho phép: counted'],
  [
    ['jobs', '--loan', '42'],
    'neither the code (VV-00000042) nor the id',
    'không phải mã (VV-00000042) hay id',
  ],
  [['law'], 'The argument <loan> is missing.', 'Thiếu tham số <loan>.'],
  [['law', 'LO-00000042'], '"LO-00000042" is neither', '«LO-00000042» không phải mã'],
  [
    ['confirm-law', 'LJ-SHORT'],
    'The option "--basis <text>" is required.',
    'Phải có tùy chọn «--basis <text>».',
  ],
])('loans %j is told what is wrong, and asks nobody', async (argv, english, vietnamese) => {
  for (const [language, said] of [
    ['en', english],
    ['vi', vietnamese],
  ] as const) {
    const { code, err } = await run(...argv, '--lang', language);
    expect(code).toBe(2);
    expect(err).toContain(said);
  }
  expect(service.asked).toEqual([]);
});

test('a loan that is not there is told by its code', async () => {
  service.on('GET /v1/loans', () => ({ items: [], next: null }));
  const { code, err } = await run('law', 'VV-00000042');
  expect(code).toBe(4);
  expect(err).toContain('There is no loan VV-00000042');
});
