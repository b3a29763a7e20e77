import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { findingCatalogue, type FindingCode } from '@ansinh/payment-list';
import type { BatchView } from '../src/batch/batch.dto.js';
import { findingCodes, type FindingView } from '../src/finding/finding.dto.js';
import {
  approvedBatch,
  check,
  checkedBatch,
  createBatch,
  csvOf,
  type Harness,
  listLine,
  maker,
  newLines,
  openFund,
  operator,
  startHarness,
  statedPurpose,
} from './harness.js';

let harness: Harness;
let fundId: string;
beforeAll(async () => {
  harness = await startHarness();
  fundId = await openFund(harness);
});
afterAll(() => harness.stop());

type Found = Pick<FindingView, 'row' | 'column' | 'code' | 'severity'>;

async function findingsOf(batch: BatchView, query = ''): Promise<FindingView[]> {
  const client = await harness.as(maker);
  const { body } = await client.get(`/v1/batches/${batch.id}/findings?limit=500${query}`).expect(200);
  return (body as { items: FindingView[] }).items;
}

const found = (findings: FindingView[]): Found[] =>
  findings.map(({ row, column, code, severity }) => ({ row, column, code, severity }));

const cellsOf = (line: string) => {
  const [payeeId, , , account] = line.split(',');
  return { payeeId: payeeId!, account: account! };
};

interface Case {
  code: string;
  /** What the line is like, where the code can have several causes. */
  because: string;
  lines: () => string[];
  expected: Found[];
  value?: RegExp | null;
}

/** A good line, and one with a flaw. */
const flawed = (over: Partial<Record<string, string>>) => () => [...newLines(1), ...newLines(1, over)];

const blocks = (code: string, column: string | null, row = 2): Found => ({
  row,
  column,
  code,
  severity: 'block',
});
const warns = (code: string, column: string | null, row = 2): Found => ({
  row,
  column,
  code,
  severity: 'warn',
});

const cases: Case[] = [
  {
    code: 'MALFORMED_ROW',
    because: 'a cell too many',
    lines: () => [...newLines(1), `${newLines(1)[0]},more`],
    expected: [blocks('MALFORMED_ROW', null)],
    value: null,
  },
  {
    code: 'MALFORMED_ROW',
    because: 'a month that does not exist',
    lines: flawed({ period: '2022-13' }),
    expected: [blocks('MALFORMED_ROW', 'period')],
    value: /^2022-13$/,
  },
  {
    code: 'MISSING_FIELD',
    because: 'no name',
    lines: flawed({ payeeName: ' ' }),
    expected: [blocks('MISSING_FIELD', 'payeeName')],
    value: null,
  },
  {
    code: 'INVALID_CITIZEN_ID',
    because: 'the zero that Excel drops',
    lines: flawed({ payeeId: '27201001234' }),
    expected: [blocks('INVALID_CITIZEN_ID', 'payeeId')],
    value: /^•+1234$/,
  },
  {
    code: 'INVALID_CITIZEN_ID',
    because: 'one digit twelve times',
    lines: flawed({ payeeId: '0'.repeat(12) }),
    expected: [blocks('INVALID_CITIZEN_ID', 'payeeId')],
  },
  ...['0', '-5', '1.500.000', '1500000.00', '1e6', '１５００', '01', '9'.repeat(16)].map((amount) => ({
    code: 'INVALID_AMOUNT',
    because: `«${amount}»`,
    lines: flawed({ amount }),
    expected: [blocks('INVALID_AMOUNT', 'amount')],
  })),
  {
    code: 'AMOUNT_OUT_OF_BOUNDS',
    because: 'one đồng above the programme’s most',
    lines: flawed({ amount: '500000000' }),
    expected: [blocks('AMOUNT_OUT_OF_BOUNDS', 'amount')],
    value: /^500000000$/,
  },
  {
    code: 'INVALID_ACCOUNT',
    because: 'a space in the middle',
    lines: flawed({ account: '2600 2123456' }),
    expected: [blocks('INVALID_ACCOUNT', 'account')],
    value: /^•+3456$/,
  },
  {
    code: 'UNKNOWN_BANK',
    because: 'a BIN that is not listed',
    lines: flawed({ bankBin: '970999' }),
    expected: [blocks('UNKNOWN_BANK', 'bankBin')],
    value: /^970999$/,
  },
  {
    code: 'UNKNOWN_BANK',
    because: 'a bank that takes no transfers',
    lines: flawed({ bankBin: '999888' }),
    expected: [blocks('UNKNOWN_BANK', 'bankBin')],
  },
  {
    code: 'UNKNOWN_PLACE',
    because: 'a code that never was',
    lines: flawed({ placeCode: '99999' }),
    expected: [blocks('UNKNOWN_PLACE', 'placeCode')],
    value: /^99999$/,
  },
  {
    code: 'PROGRAMME_NOT_FUNDED',
    because: 'a programme that the fund does not pay',
    lines: flawed({ programmeCode: 'OTHER' }),
    expected: [blocks('PROGRAMME_NOT_FUNDED', 'programmeCode')],
  },
  {
    code: 'DUPLICATE_IN_LIST',
    because: 'the same obligation three times',
    lines: () => {
      const [line] = newLines(1);
      return [line!, line!, ...newLines(1), line!];
    },
    expected: [blocks('DUPLICATE_IN_LIST', null), blocks('DUPLICATE_IN_LIST', null, 4)],
  },
  {
    code: 'NAME_MISMATCH',
    because: 'one number, two names',
    lines: () => {
      const [line] = newLines(1, { payeeName: 'Trần Thị Bình' });
      const { payeeId } = cellsOf(line!);
      return [line!, ...newLines(1, { payeeId, payeeName: 'Lê Văn Cường', ordinal: '2' })];
    },
    expected: [warns('NAME_MISMATCH', 'payeeName')],
  },
  {
    code: 'SHARED_ACCOUNT',
    because: 'one account, two people',
    lines: () => {
      const [line] = newLines(1);
      return [line!, ...newLines(1, { account: cellsOf(line!).account })];
    },
    expected: [warns('SHARED_ACCOUNT', 'account', 1), warns('SHARED_ACCOUNT', 'account', 2)],
  },
];

describe('each finding', () => {
  test.each(cases)('$code: $because', async ({ lines: make, expected, value }) => {
    const lines = make();
    const batch = await checkedBatch(harness, lines, { fundId });
    const findings = await findingsOf(batch);
    expect(found(findings)).toEqual(expected);
    for (const finding of findings) {
      expect(finding.message.vi).toMatch(/[ăâđêôơưáàảãạéèíìóòúùý]/i);
      expect(finding.message.en).toMatch(/\b(the|is|of|in)\b/);
      expect(finding.waived).toBeNull();
      if (value === null) expect(finding.value).toBeNull();
      else if (value) expect(finding.value).toMatch(value);
    }
  });

  test('DUPLICATE_OBLIGATION: the line is approved in another batch, which is named', async () => {
    const [line, other] = newLines(2);
    const approved = await approvedBatch(harness, [other!, line!], { fundId });
    const findings = await findingsOf(await checkedBatch(harness, [line!], { fundId }));
    expect(found(findings)).toEqual([blocks('DUPLICATE_OBLIGATION', null, 1)]);
    expect(findings[0]!.message.en).toContain(`${approved.code}, row 2`);
    expect(findings[0]!.message.vi).toContain(`${approved.code}, dòng 2`);
  });

  test('INSUFFICIENT_FUND: of the whole list, and gone with the next allotment', async () => {
    const poor = await openFund(harness, { amount: '1' });
    const lines = newLines(2, { amount: '1000' });
    const batch = await checkedBatch(harness, lines, { fundId: poor });
    const findings = await findingsOf(batch);
    expect(found(findings)).toEqual([blocks('INSUFFICIENT_FUND', null, 0)]);
    expect(findings[0]!.message.en).toMatch(/needs 2,000 VND .* 1 VND left/);
    const client = await harness.as(maker);
    const refused = await client.post(`/v1/batches/${batch.id}/submission`).expect(409);
    expect(refused.body).toMatchObject({ code: 'BLOCKING_FINDINGS', findings: { INSUFFICIENT_FUND: 1 } });
    const treasurer = await harness.as(operator);
    await treasurer.post(`/v1/funds/${poor}/allotments`, { amount: '1999', reference: 'QD-2' }).expect(201);
    await client.post(`/v1/batches/${batch.id}/check`).expect(202);
    expect(await check(harness, batch.id)).toMatchObject({ state: 'checked', findings: {} });
  });

  test('no code of the catalogue is left out here', () => {
    const above: FindingCode[] = ['DUPLICATE_OBLIGATION', 'INSUFFICIENT_FUND'];
    // By the rules of a bank: bank-profiles.integration.spec.ts.
    const ofTheBank: FindingCode[] = ['ABOVE_BANK_LIMIT', 'BANK_FIELD_MISSING', 'BANK_NAME_UNWRITABLE'];
    const ofFollowUps: FindingCode[] = ['RETURNED_ACCOUNT', 'SAME_ACCOUNT_AGAIN'];
    // Of batches of cash: cash-lists.integration.spec.ts.
    const ofCash: FindingCode[] = ['CASH_PLACE_MISSING'];
    // After a restore: restore.integration.spec.ts.
    const ofRecoveries: FindingCode[] = ['UNEXPLAINED_PAYMENT'];
    // Of the registry: registry.integration.spec.ts.
    const ofRegistry: FindingCode[] = [
      'DUPLICATE_PERSON',
      'PAYEE_DECEASED',
      'PAYEE_MOVED',
      'REGISTERED_NAME_DIFFERS',
      'REGISTRY_UNREAD',
    ];
    const listed = [above, ofTheBank, ofFollowUps, ofCash, ofRecoveries, ofRegistry].flat();
    const tested = new Set([...cases.map(({ code }) => code), ...listed]);
    expect([...tested].sort()).toEqual([...findingCodes].sort());
  });
});

describe('a name', () => {
  test.each([
    ['the same in capitals', ['Nguyễn Văn An', 'NGUYỄN VĂN AN'], []],
    ['the same without marks', ['Nguyễn Văn An', 'NGUYEN VAN AN'], []],
    ['the same with đ', ['Đặng Đức Đạt', 'DANG DUC DAT'], []],
    ['the same, first without marks', ['NGUYEN VAN AN', 'Nguyễn Văn An'], []],
    ['the same by the other place of the tone', ['Trần Thị Hoà', 'Trần Thị Hòa'], []],
    ['another mark', ['Nguyễn Văn An', 'Nguyễn Văn Ân'], [2]],
    ['another word', ['Nguyễn Văn An', 'NGUYEN VAN BA'], [2]],
    ['two that differ behind one without marks', ['NGUYEN VAN AN', 'Nguyễn Văn An', 'Nguyễn Văn Ân'], [3]],
    ['marks on one word only', ['Nguyễn Van An', 'NGUYEN VAN AN'], []],
  ])('%s', async (_, names, rows) => {
    const [first] = newLines(1);
    const { payeeId, account } = cellsOf(first!);
    const lines = names.map((payeeName, index) =>
      listLine(1, { payeeId, account, payeeName, ordinal: String(index + 1) }),
    );
    const findings = await findingsOf(await checkedBatch(harness, lines, { fundId }), '&code=NAME_MISMATCH');
    expect(findings.map(({ row }) => row)).toEqual(rows);
  });

  test('that differs from the one of an earlier payment', async () => {
    const [line] = newLines(1, { payeeName: 'Phạm Thị Dung' });
    const earlier = await approvedBatch(harness, [line!], { fundId });
    const { payeeId, account } = cellsOf(line!);
    const again = listLine(1, { payeeId, account, payeeName: 'Phạm Thị Đung', period: '2022-04' });
    const findings = await findingsOf(await checkedBatch(harness, [again], { fundId }));
    expect(found(findings)).toEqual([warns('NAME_MISMATCH', 'payeeName', 1)]);
    expect(findings[0]!.message.en).toContain(earlier.code);
    expect(findings[0]!.message.en).toContain('Phạm Thị Dung');
  });
});

test('one account in more lines than a second connection hands over', async () => {
  const count = 10_001;
  const { id } = await checkedBatch(harness, newLines(count, { account: '2600999999' }), { fundId });
  expect(
    await harness.dataSource.query(
      `SELECT count(DISTINCT row_no)::int AS lines, min(facts->>'payees') AS least, max(facts->>'payees') AS most
       FROM finding JOIN batch ON batch.number = batch_number WHERE batch.id = $1 AND code = 'SHARED_ACCOUNT'`,
      [id],
    ),
  ).toEqual([{ lines: count, least: String(count), most: String(count) }]);
});

describe('severity is configuration of the programme', () => {
  const programme = async (code: string, settings: object) =>
    (await harness.as(operator)).put(`/v1/programmes/${code}`, { name: code, ...settings });

  test('a warning may block, and a waivable block may warn', async () => {
    await programme('STRICT', { severities: { SHARED_ACCOUNT: 'block', AMOUNT_OUT_OF_BOUNDS: 'warn' } });
    const strict = await openFundOf('STRICT');
    const [first, second] = newLines(2, { programmeCode: 'STRICT' });
    const lines = [
      first!,
      listLine(2, {
        programmeCode: 'STRICT',
        payeeId: cellsOf(second!).payeeId,
        account: cellsOf(first!).account,
      }),
      ...newLines(1, { programmeCode: 'STRICT', amount: '600000000' }),
    ];
    const findings = await findingsOf(await checkedStrict(strict, lines));
    expect(found(findings)).toEqual([
      blocks('SHARED_ACCOUNT', 'account', 1),
      blocks('SHARED_ACCOUNT', 'account', 2),
      warns('AMOUNT_OUT_OF_BOUNDS', 'amount', 3),
    ]);
  });

  test('the next check goes by the new configuration, also for what was found while reading', async () => {
    await programme('STRICT', {});
    const fund = await openFundOf('STRICT');
    const lines = newLines(1, { programmeCode: 'STRICT', placeCode: '99999' });
    const batch = await checkedStrict(fund, lines);
    expect(batch.findings).toEqual({ UNKNOWN_PLACE: { block: 1, warn: 0, waived: 0 } });
    expect(batch).toMatchObject({ kept: 0, setAside: 1 });
    await programme('STRICT', { severities: { UNKNOWN_PLACE: 'warn' } });
    await (await harness.as(maker)).post(`/v1/batches/${batch.id}/check`).expect(202);
    const after = await check(harness, batch.id);
    expect(after.findings).toEqual({ UNKNOWN_PLACE: { block: 0, warn: 1, waived: 0 } });
    expect(after).toMatchObject({ kept: 1, setAside: 0 });
  });

  const notWaivable = findingCodes.filter((code) => !findingCatalogue[code].waivable);
  test.each(notWaivable)('%s, which nobody may waive, always blocks', async (code) => {
    const { status, body } = await programme('STRICT', { severities: { [code]: 'warn' } });
    expect({ status, body: body as object }).toMatchObject({
      status: 400,
      body: { errors: [{ pointer: `/severities/${code}`, code: 'alwaysBlocking' }] },
    });
  });

  test('a finding that does not exist, and a severity that does not', async () => {
    const { body } = await programme('STRICT', { severities: { NOSUCH: 'warn', SHARED_ACCOUNT: 'maybe' } });
    expect(body).toMatchObject({
      errors: [{ pointer: '/severities/NOSUCH' }, { pointer: '/severities/SHARED_ACCOUNT' }],
    });
  });

  const openFundOf = async (code: string) => {
    const client = await harness.as(operator);
    const number = `27${Math.floor(Math.random() * 1e12)}`;
    const fund = {
      code: `F-${number}`,
      name: 'Fund',
      budgetSource: 'NSNN',
      programmeCodes: [code],
      channel: 'iso20022-http',
      account: { bin: '970405', number, name: 'SO LAO DONG' },
    };
    const { body } = await client.post('/v1/funds', fund).expect(201);
    const { id } = body as { id: string };
    await client.post(`/v1/funds/${id}/allotments`, { amount: '9000000000', reference: 'QD' }).expect(201);
    return id;
  };

  const checkedStrict = async (fund: string, lines: string[]) => {
    const client = await harness.as(maker);
    const batch = await client
      .post('/v1/batches', {
        fundId: fund,
        programmeCode: 'STRICT',
        purpose: 'Hỗ trợ',
        period: '2022-03',
        channel: 'iso20022-http',
      })
      .expect(201);
    const { id } = batch.body as BatchView;
    await client.list(`/v1/batches/${id}/payments`, csvOf(lines), 'text/csv').expect(202);
    return check(harness, id);
  };
});

describe('the findings of a batch', () => {
  test('page by page, each once, and by code and severity', async () => {
    const [line] = newLines(1);
    const { account } = cellsOf(line!);
    const lines = [...newLines(4, { account }), ...newLines(3, { placeCode: '99999', bankBin: '970999' })];
    const batch = await checkedBatch(harness, lines, { fundId });
    const all = await findingsOf(batch);
    expect(all).toHaveLength(10);
    const client = await harness.as(maker);
    const paged: FindingView[] = [];
    let next: string | null = '';
    while (next !== null) {
      const after: string = next === '' ? '' : `&after=${next}`;
      const { body } = await client.get(`/v1/batches/${batch.id}/findings?limit=3${after}`).expect(200);
      const page = body as { items: FindingView[]; next: string | null };
      paged.push(...page.items);
      next = page.next;
    }
    expect(paged).toEqual(all);
    expect(await findingsOf(batch, '&code=UNKNOWN_BANK')).toHaveLength(3);
    expect(await findingsOf(batch, '&severity=warn')).toHaveLength(4);
    expect(await findingsOf(batch, '&severity=block&code=SHARED_ACCOUNT')).toEqual([]);
  });

  test('no reply shows a whole citizen number or account, and no table holds one', async () => {
    const [shared] = newLines(1);
    const lines = [
      shared!,
      ...newLines(1, { account: cellsOf(shared!).account, payeeName: 'Khác' }),
      ...newLines(1, { payeeId: '1234567890123', account: '12345678901234567890' }),
      // The cells of two columns exchanged, as it happens when columns are pasted.
      ...newLines(1, {
        payeeId: '260021234567',
        account: '027201055555',
        remittance: 'Chi cho 027201055556',
      }),
    ];
    const numbers = lines.flatMap((line) => Object.values(cellsOf(line)));
    const batch = await approvedBatch(harness, lines, { fundId, onBlocking: 'setAside' });
    const client = await harness.as(maker);
    const paths = ['', '/findings', '/waivers', '/payments', '/messages', '/exceptions', '/reconciliation'];
    for (const path of paths) {
      const { text } = await client.get(`/v1/batches/${batch.id}${path}`).expect(200);
      for (const number of numbers) expect(text).not.toContain(number.slice(0, -4));
    }
    const payee = await client.get(`/v1/payments?payeeId=${cellsOf(shared!).payeeId}`).expect(200);
    expect((payee.body as { items: object[] }).items).toHaveLength(1);
    for (const number of numbers) expect(payee.text).not.toContain(number.slice(0, -4));
    const tables = (await harness.dataSource.query(
      `SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public'`,
    )) as { name: string }[];
    expect(tables.length).toBeGreaterThan(15);
    for (const { name } of tables) {
      const [row] = (await harness.dataSource.query(
        `SELECT coalesce(string_agg(stored::text, ' '), '') AS text FROM ${name} stored`,
      )) as { text: string }[];
      for (const number of numbers) expect(`${name}: ${row!.text}`).not.toContain(number);
    }
  });

  test('the list again with remarks: whole for those who bring it and say why, masked for others', async () => {
    const [line] = newLines(1, { bankBin: '970999' });
    const { payeeId, account } = cellsOf(line!);
    const batch = await checkedBatch(harness, [line!, ...newLines(1)], { fundId });
    const path = `/v1/batches/${batch.id}/findings?rows=flawed`;
    const whole = await (
      await harness.as(maker)
    )
      .get(path)
      .set({ accept: 'text/csv', ...statedPurpose })
      .expect(200);
    expect(whole.text.trim().split('\r\n')).toHaveLength(2);
    expect(whole.text).toContain(payeeId);
    expect(whole.text).toContain(account);
    const reader = await harness.as({ sub: 'auditor', permissions: ['batch:read'] });
    const masked = await reader.get(path).set('accept', 'text/csv').expect(200);
    expect(masked.text).toContain('970999');
    expect(masked.text).not.toContain(payeeId);
    expect(masked.text).not.toContain(account);
  });
});

test('a batch without a list cannot be checked', async () => {
  const client = await harness.as(maker);
  const batch = await createBatch(client, fundId);
  const { body } = await client.post(`/v1/batches/${batch.id}/check`).expect(422);
  expect(body).toMatchObject({ code: 'LIST_EMPTY' });
});
