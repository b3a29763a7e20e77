import { describe, expect, test } from '@jest/globals';
import { findingCatalogue, findingText, type FindingCode, type FindingFacts } from './finding-catalogue.js';
import type { ListColumn } from './list-columns.js';
import { ListError, type ListErrorCode, type ListErrorFacts } from './list-error.js';
import type { MalformedReason } from './raw-row.js';

const codes = Object.keys(findingCatalogue) as FindingCode[];

test('every finding blocks, but for those that warn', () => {
  expect(codes.filter((code) => findingCatalogue[code].severity === 'warn')).toEqual([
    'NAME_MISMATCH',
    'PAYEE_MOVED',
    'REGISTRY_UNREAD',
    'SHARED_ACCOUNT',
    'SAME_ACCOUNT_AGAIN',
  ]);
});

test('what may be waived', () => {
  expect(codes.filter((code) => findingCatalogue[code].waivable)).toEqual([
    'AMOUNT_OUT_OF_BOUNDS',
    'UNKNOWN_PLACE',
    'NAME_MISMATCH',
    'REGISTERED_NAME_DIFFERS',
    'PAYEE_DECEASED',
    'PAYEE_MOVED',
    'REGISTRY_UNREAD',
    'SHARED_ACCOUNT',
    'UNEXPLAINED_PAYMENT',
    'SAME_ACCOUNT_AGAIN',
  ]);
});

describe('sentences', () => {
  test.each<[FindingCode, FindingFacts, ListColumn | null, string, string]>([
    ['MISSING_FIELD', {}, 'account', 'Ô “Số tài khoản” để trống', 'The cell “Account number” is empty'],
    [
      'INVALID_CITIZEN_ID',
      { value: '•••••••1234', found: 11 },
      'payeeId',
      'bỏ số 0 ở đầu',
      'dropped the leading zero',
    ],
    ['INVALID_CITIZEN_ID', { value: '•••X' }, 'payeeId', 'đúng 12 chữ số', 'exactly 12 digits'],
    ['INVALID_AMOUNT', { value: '1.500.000' }, 'amount', 'Số tiền “1.500.000”', 'The amount “1.500.000”'],
    [
      'AMOUNT_OUT_OF_BOUNDS',
      { value: '900000000', min: '50000', max: '10000000' },
      'amount',
      '900.000.000 đồng nằm ngoài mức của chương trình (từ 50.000 đồng đến 10.000.000 đồng)',
      '900,000,000 VND is outside the bounds of the programme (50,000 VND to 10,000,000 VND)',
    ],
    [
      'CASH_PLACE_MISSING',
      {},
      'placeCode',
      'không phải là mã xã, phường đã biết',
      'not that of a known commune',
    ],
    ['UNKNOWN_BANK', { value: '999888' }, 'bankBin', 'Mã ngân hàng “999888”', 'The bank code “999888”'],
    ['DUPLICATE_IN_LIST', { row: 12 }, null, 'Trùng với dòng 12', 'The same as row 12'],
    [
      'DUPLICATE_OBLIGATION',
      { row: 3, batch: 'LO-00000007' },
      null,
      'đợt LO-00000007, dòng 3',
      'batch LO-00000007, row 3',
    ],
    ['DUPLICATE_PERSON', { row: 3 }, 'payeeId', 'bằng số định danh khác ở dòng 3', 'citizen number in row 3'],
    [
      'DUPLICATE_PERSON',
      { row: 3, batch: 'LO-1' },
      'payeeId',
      'khác ở đợt LO-1, dòng 3',
      'citizen number in batch LO-1, row 3',
    ],
    ['NAME_MISMATCH', { row: 3, name: 'Lê An' }, 'payeeName', '“Lê An” ở dòng 3', '“Lê An” in row 3'],
    [
      'NAME_MISMATCH',
      { row: 3, batch: 'LO-1', name: 'Lê An' },
      'payeeName',
      'ở đợt LO-1, dòng 3',
      'in batch LO-1, row 3',
    ],
    ['NAME_MISMATCH', { name: 'Lê Án' }, 'payeeName', '“Lê Án” ở sổ dân cư', '“Lê Án” in the registry'],
    ['NAME_MISMATCH', {}, 'payeeName', 'tên viết khác dấu ở sổ', 'a name with other marks in the registry'],
    ['REGISTERED_NAME_DIFFERS', { name: 'Lê An' }, 'payeeName', 'là của “Lê An”', 'is that of “Lê An”'],
    ['REGISTERED_NAME_DIFFERS', {}, 'payeeName', 'người mang tên khác', 'somebody with another name'],
    ['PAYEE_DECEASED', { day: '2022-02-09' }, 'payeeId', 'chết ngày 09/02/2022', 'died on 2022-02-09'],
    [
      'PAYEE_MOVED',
      { place: '09169', day: '2021-05-01' },
      'placeCode',
      'ở Phường Vũ Ninh (09169) từ ngày 01/05/2021',
      'lives in Phường Vũ Ninh (09169) since 2021-05-01',
    ],
    ['PAYEE_MOVED', { day: '2021-05-01' }, 'placeCode', 'ở địa bàn khác', 'in another area'],
    ['REGISTRY_UNREAD', {}, null, 'chưa được đối chiếu với sổ dân cư', 'was not compared with the registry'],
    ['REGISTRY_UNREAD', { day: '2022-03-01' }, null, 'lần cuối ngày 01/03/2022', 'last read on 2022-03-01'],
    ['SHARED_ACCOUNT', { payees: 4 }, 'account', '4 người', '4 people'],
    [
      'INSUFFICIENT_FUND',
      { needed: '200', available: '-100' },
      null,
      '200 đồng nhưng nguồn chỉ còn -100 đồng',
      '200 VND but the fund has -100 VND',
    ],
    [
      'MALFORMED_ROW',
      { reason: 'columnCount', expected: 11, found: 9 },
      null,
      '9 ô nhưng tiêu đề có 11',
      '9 cells but the header has 11',
    ],
    [
      'MALFORMED_ROW',
      { reason: 'formula' },
      'amount',
      'Ô “Số tiền” là công thức',
      'The cell “Amount” is a formula',
    ],
    [
      'MALFORMED_ROW',
      { reason: 'invalidPeriod', value: '03/2022' },
      'period',
      'Kỳ “03/2022”',
      'The period “03/2022”',
    ],
  ])('%s %j', (code, facts, column, vi, en) => {
    const text = findingText(code, facts, column);
    expect(text.vi).toContain(vi);
    expect(text.en).toContain(en);
  });

  const reasons: MalformedReason[] = [
    ...([
      'columnCount',
      'brokenQuoting',
      'invalidJson',
      'nestedValue',
      'repeatedColumn',
      'formula',
      'errorValue',
    ] as const),
    ...(['controlCharacter', 'tooLong', 'invalidPeriod', 'invalidOrdinal'] as const),
  ];

  test('are whole sentences in both languages, also when a fact is not known', () => {
    const texts = [
      ...codes.map((code) => findingText(code, {}, 'account')),
      ...reasons.map((reason) => findingText('MALFORMED_ROW', { reason }, 'account')),
    ];
    for (const { vi, en } of texts) {
      for (const sentence of [vi, en]) {
        expect(sentence).toMatch(/^\p{Lu}.*\.$|^[0-9].*\.$|^“.*\.$/u);
        expect(sentence).not.toMatch(/undefined|null|NaN/);
      }
      expect(vi).not.toBe(en);
      expect(vi).toBe(vi.normalize('NFC'));
    }
  });
});

test.each<[ListErrorCode, ListErrorFacts, string]>([
  ['EMPTY_LIST', {}, 'no rows'],
  ['MISSING_COLUMN', { columns: ['amount', 'period'] }, 'lacks these columns: amount, period'],
  ['DUPLICATE_COLUMN', { column: 'amount', given: 'amount, Số tiền' }, 'column amount: amount, Số tiền'],
  ['WRONG_ENCODING', {}, 'CSV UTF-8'],
  ['LINE_TOO_LONG', { line: 7, limit: 65_536 }, 'Line 7 is longer than 65536'],
  ['WORKBOOK_AS_TEXT', {}, 'Excel workbook'],
  ['NOT_A_WORKBOOK', {}, 'not an .xlsx'],
  ['BROKEN_WORKBOOK', {}, 'damaged'],
  ['WORKBOOK_TOO_LARGE', {}, 'too much text'],
])('ListError %s', (code, facts, part) => {
  const error = new ListError(code, facts);
  expect(error.text.en).toContain(part);
  expect(error.text.vi).not.toBe('');
  expect(error.message).toBe(`${code}: ${error.text.en}`);
});
