import { describe, expect, test } from '@jest/globals';
import { listColumns, type ListColumn } from './list-columns.js';
import { checkRow, shownValue, type ListFields } from './list-row.js';
import type { RawRow } from './raw-row.js';

const good: Record<ListColumn, string> = {
  payeeId: '027201001234',
  payeeName: 'Nguyễn Thị Hoà',
  bankBin: '970405',
  account: '2600123456789',
  amount: '1500000',
  programmeCode: 'NQ68',
  policyCode: 'QD23-05',
  period: '2022-03',
  placeCode: '09163',
  ordinal: '2',
  remittance: 'Hỗ trợ ngừng việc',
};

const rowOf = (changes: Partial<Record<ListColumn, string>>): RawRow => ({
  row: 7,
  line: 9,
  cells: listColumns.map((column) => ({ ...good, ...changes })[column]),
  problem: null,
  text: null,
});

const check = (changes: Partial<Record<ListColumn, string>>) => checkRow(rowOf(changes));

const fields: ListFields = {
  payeeId: '027201001234',
  payeeName: 'Nguyễn Thị Hoà',
  nameKey: 'NGUYỄN THỊ HÒA',
  bankBin: '970405',
  account: '2600123456789',
  amount: 1_500_000n,
  programmeCode: 'NQ68',
  policyCode: 'QD23-05',
  period: '2022-03',
  placeCode: '09163',
  ordinal: 2,
  remittance: 'Hỗ trợ ngừng việc',
};

test('a good row gives its fields and nothing else', () => {
  expect(check({})).toEqual({ row: 7, line: 9, fields, findings: [], original: null });
});

test.each([
  ['outer spaces', { amount: ' 1500000 ', payeeId: '\u00a0027201001234\t' }, {}],
  ['a decomposed name', { payeeName: 'Nguyễn Thị Hoà'.normalize('NFD') }, {}],
  ['double and invisible spaces in a name', { payeeName: 'Nguyễn  Thị\u200b Hoà' }, {}],
  ['an account in lower case', { account: 'vnd01234abc' }, { account: 'VND01234ABC' }],
  ['no ordinal', { ordinal: '' }, { ordinal: 1 }],
  ['no remittance', { remittance: ' ' }, { remittance: null }],
  ['a year as period', { period: '2022' }, { period: '2022' }],
  ['a district as place', { placeCode: '256' }, { placeCode: '256' }],
  ['a commune that is no more', { placeCode: '09175' }, { placeCode: '09175' }],
  ['the largest amount', { amount: '999999999999999' }, { amount: 999_999_999_999_999n }],
])('%s is taken', (_, changes, changed) => {
  expect(check(changes)).toMatchObject({ fields: { ...fields, ...changed }, findings: [], original: null });
});

describe('refused cells', () => {
  test.each([
    ['payeeId', '27201001234', 'INVALID_CITIZEN_ID', { value: '•••••••1234', found: 11 }],
    ['payeeId', '02720100123X', 'INVALID_CITIZEN_ID', { value: '••••••••123X' }],
    ['payeeId', '000000000000', 'INVALID_CITIZEN_ID', { value: '••••••••0000', found: 12 }],
    ['payeeId', '０２７２０１００１２３４', 'INVALID_CITIZEN_ID', { value: '••••••••１２３４' }],
    ['bankBin', '999888', 'UNKNOWN_BANK', { value: '999888' }],
    ['bankBin', 'Agribank', 'UNKNOWN_BANK', { value: 'Agribank' }],
    ['account', '12345', 'INVALID_ACCOUNT', { value: '•••45' }],
    ['account', '1.90E+13', 'INVALID_ACCOUNT', { value: '••••E+13' }],
    ['account', '1903 4567', 'INVALID_ACCOUNT', { value: '•••••4567' }],
    ['amount', '0', 'INVALID_AMOUNT', { value: '0' }],
    ['amount', '1.500.000', 'INVALID_AMOUNT', { value: '1.500.000' }],
    ['amount', '-5', 'INVALID_AMOUNT', { value: '-5' }],
    ['amount', '1e6', 'INVALID_AMOUNT', { value: '1e6' }],
    ['amount', '１５００', 'INVALID_AMOUNT', { value: '１５００' }],
    ['amount', '15\u00000', 'INVALID_AMOUNT', { value: '15\ufffd0' }],
    ['period', '03/2022', 'MALFORMED_ROW', { reason: 'invalidPeriod', value: '03/2022' }],
    ['period', '2022-13', 'MALFORMED_ROW', { reason: 'invalidPeriod', value: '2022-13' }],
    ['period', '2022-3', 'MALFORMED_ROW', { reason: 'invalidPeriod', value: '2022-3' }],
    ['period', '202203', 'MALFORMED_ROW', { reason: 'invalidPeriod', value: '202203' }],
    ['ordinal', '0', 'MALFORMED_ROW', { reason: 'invalidOrdinal', value: '0' }],
    ['ordinal', '1.0', 'MALFORMED_ROW', { reason: 'invalidOrdinal', value: '1.0' }],
    ['ordinal', '10000', 'MALFORMED_ROW', { reason: 'invalidOrdinal', value: '10000' }],
    ['payeeName', 'Lê\nAn', 'MALFORMED_ROW', { reason: 'controlCharacter' }],
    ['payeeName', 'Lê \u202eAn', 'MALFORMED_ROW', { reason: 'controlCharacter' }],
    ['remittance', 'a\u0000b', 'MALFORMED_ROW', { reason: 'controlCharacter' }],
    ['policyCode', 'a\ud800b', 'MALFORMED_ROW', { reason: 'controlCharacter' }],
    ['payeeName', 'ễ'.repeat(141), 'MALFORMED_ROW', { reason: 'tooLong', limit: 140 }],
    ['remittance', 'x'.repeat(141), 'MALFORMED_ROW', { reason: 'tooLong', limit: 140 }],
    ['programmeCode', 'x'.repeat(41), 'MALFORMED_ROW', { reason: 'tooLong', limit: 40 }],
  ] as const)('%s %j is %s', (column, cell, code, facts) => {
    const checked = check({ [column]: cell });
    expect(checked.findings).toEqual([{ code, column, facts }]);
    expect(checked.fields).toEqual({
      ...fields,
      [column]: null,
      ...(column === 'payeeName' && { nameKey: null }),
    });
    expect(checked.original).toEqual({ ...good, [column]: cell });
  });

  test.each(listColumns.filter((column) => column !== 'ordinal' && column !== 'remittance'))(
    'an empty %s is missing and nothing else',
    (column) => {
      for (const cell of ['', '  ', '\u00a0']) {
        expect(check({ [column]: cell }).findings).toEqual([{ code: 'MISSING_FIELD', column, facts: {} }]);
      }
    },
  );

  test('a name of invisible characters is missing', () => {
    expect(check({ payeeName: '\u200b\u200d' }).findings).toEqual([
      { code: 'MISSING_FIELD', column: 'payeeName', facts: {} },
    ]);
  });

  test('a row may have several findings, one a column', () => {
    const checked = check({ payeeId: '1', amount: '', account: 'x', placeCode: '1', period: 'x' });
    expect(checked.findings.map(({ code, column }) => [code, column])).toEqual([
      ['INVALID_CITIZEN_ID', 'payeeId'],
      ['INVALID_ACCOUNT', 'account'],
      ['MISSING_FIELD', 'amount'],
      ['MALFORMED_ROW', 'period'],
      ['UNKNOWN_PLACE', 'placeCode'],
    ]);
  });
});

describe('an unknown place', () => {
  test('keeps its code, for somebody may waive it', () => {
    const checked = check({ placeCode: '99999' });
    expect(checked.findings).toEqual([
      { code: 'UNKNOWN_PLACE', column: 'placeCode', facts: { value: '99999' } },
    ]);
    expect(checked.fields).toEqual({ ...fields, placeCode: '99999' });
    expect(checked.original).toBeNull();
  });

  test('is kept as it came when it is not even a code', () => {
    const checked = check({ placeCode: 'Vũ Ninh' });
    expect(checked.fields.placeCode).toBeNull();
    expect(checked.original).toEqual({ ...good, placeCode: 'Vũ Ninh' });
  });
});

describe('a row that could not be read', () => {
  test('keeps its text', () => {
    const raw: RawRow = {
      ...rowOf({}),
      problem: { reason: 'columnCount', expected: 11, found: 3 },
      text: 'a,b,c',
    };
    const checked = checkRow(raw);
    expect(checked.findings).toEqual([
      { code: 'MALFORMED_ROW', column: null, facts: { reason: 'columnCount', expected: 11, found: 3 } },
    ]);
    expect(checked.original).toEqual({ text: 'a,b,c' });
    expect(Object.values(checked.fields).every((value) => value === null)).toBe(true);
  });

  test('keeps its cells when it has them', () => {
    const checked = checkRow({ ...rowOf({ amount: '' }), problem: { reason: 'formula', columnIndex: 4 } });
    expect(checked.findings).toEqual([
      { code: 'MALFORMED_ROW', column: 'amount', facts: { reason: 'formula' } },
    ]);
    expect(checked.original).toEqual({ ...good, amount: '' });
  });
});

test.each([
  ['payeeName', 'Lê An', 'Lê An'],
  ['bankBin', '027201001234', '••••••••1234'],
  ['placeCode', 'CCCD 027201001234.', 'CCCD ••••••••1234.'],
  ['amount', '150000000.5', '150000000.5'],
  ['amount', '027201001234x', '••••••••1234x'],
  ['period', 'x'.repeat(100), `${'x'.repeat(60)}…`],
] as const)('a cell of %s %j is shown as %j', (column, cell, shown) => {
  expect(shownValue(column, cell)).toBe(shown);
});

describe('in a list that is paid in cash', () => {
  const none = { bankBin: null, account: null };

  test('nobody needs an account', () => {
    const { findings, ...row } = checkRow(rowOf({ bankBin: '', account: '' }), 'cash');
    expect({ findings, ...row }).toMatchObject({
      findings: [],
      fields: { ...fields, ...none },
      original: null,
    });
  });

  test('an account that stands there is not judged and not lost', () => {
    const changes = { bankBin: '999888', account: '1 2' };
    expect(checkRow(rowOf(changes), 'cash')).toMatchObject({
      findings: [],
      fields: none,
      original: { ...good, ...changes },
    });
  });

  test('all other cells are what they are elsewhere', () => {
    const { findings } = checkRow(rowOf({ payeeName: '', placeCode: '99999', amount: '0' }), 'cash');
    expect(findings.map(({ code, column }) => `${code} ${column}`)).toEqual([
      'MISSING_FIELD payeeName',
      'INVALID_AMOUNT amount',
      'UNKNOWN_PLACE placeCode',
    ]);
  });
});
