import { describe, expect, test } from '@jest/globals';
import {
  decodeCitizenNumber,
  findBank,
  isCitizenNumber,
  isTransferEnabled,
  listBanks,
  maskAccount,
  maskCitizenNumber,
  normaliseAccount,
  numberContradictions,
  taxCodeFault,
} from './index.js';

describe('citizen number', () => {
  test.each([
    ['027201001234', { birthPlaceCode: '027', sex: 'male', birthYear: 2001, warnings: [] }],
    [
      '024399123456',
      { birthPlaceCode: '024', sex: 'female', birthYear: 2099, warnings: ['birthYearInFuture'] },
    ],
    ['001185000001', { birthPlaceCode: '001', sex: 'female', birthYear: 1985, warnings: [] }],
    [
      '079000000001',
      { birthPlaceCode: '079', sex: 'male', birthYear: 1900, warnings: ['bornOver120YearsAgo'] },
    ],
    [
      '027926000001',
      { birthPlaceCode: '027', sex: 'female', birthYear: 2326, warnings: ['birthYearInFuture'] },
    ],
  ])('%s is decoded', (text, decoded) => expect(decodeCitizenNumber(text, 2026)).toEqual(decoded));

  test('a birth in the present year is not in the future', () => {
    expect(decodeCitizenNumber('027226000001', 2026)?.warnings).toEqual([]);
    expect(decodeCitizenNumber('027226000001', 2025)?.warnings).toEqual(['birthYearInFuture']);
  });

  test.each([
    ['eleven digits, as Excel leaves them', '27201001234'],
    ['thirteen digits', '0272010012345'],
    ['an old nine-digit number', '125123456'],
    ['letters', '02720100123A'],
    ['spaces', '027 201 001 234'],
    ['an outer space', '027201001234 '],
    ['full-width digits', '０２７２０１００１２３４'],
    ['one digit only', '000000000000'],
    ['one digit only', '999999999999'],
    ['nothing', ''],
  ])('%s is refused', (_, text) => {
    expect(isCitizenNumber(text)).toBe(false);
    expect(decodeCitizenNumber(text, 2026)).toBeNull();
  });
});

test.each([
  ['027201001234', '••••••••1234'],
  ['0123456', '••••456'],
  ['1234', '••34'],
  ['1', '•'],
  ['', ''],
])('%s is masked as %s', (text, masked) => {
  expect(maskCitizenNumber(text)).toBe(masked);
  expect(maskAccount(text)).toBe(masked);
});

describe('bank account', () => {
  test.each([
    ['123456', '123456'],
    ['0123456789012345678', '0123456789012345678'],
    ['vnd01234abc', 'VND01234ABC'],
    ['12345', null],
    ['01234567890123456789', null],
    ['1234 5678', null],
    ['1234-5678', null],
    ['1.23457E+13', null],
    ['１２３４５６７', null],
    ['TÀIKHOẢN', null],
    ['', null],
  ])('account %s is stored as %p', (text, account) => expect(normaliseAccount(text)).toBe(account));

  test.each([
    ['970405', 'Agribank', true],
    ['970436', 'Vietcombank', true],
    ['999888', 'VBSP – Ngân hàng Chính sách xã hội (not transfer-enabled in the list)', false],
  ])('bank %s is %s', (bin, name, enabled) => {
    expect(findBank(bin)).toEqual({ bin, name, isTransferEnabled: enabled });
    expect(isTransferEnabled(bin)).toBe(enabled);
  });

  test.each(['', '970999', '97040', '9704055', ' 970405', 'Agribank'])('bank %p is unknown', (bin) => {
    expect(findBank(bin)).toBeUndefined();
    expect(isTransferEnabled(bin)).toBe(false);
  });

  test('every number in the list has six digits and is there once', () => {
    const bins = listBanks().map((bank) => bank.bin);
    expect(bins.filter((bin) => !/^[0-9]{6}$/.test(bin))).toEqual([]);
    expect(new Set(bins).size).toBe(63);
  });
});

test('no character is cut in half', () => {
  for (const text of ['𐀀', '1𐀀', '12345𐀀']) expect(maskAccount(text).isWellFormed()).toBe(true);
});

describe('what a number says against a record', () => {
  test.each([
    ['027185000001', { birthYear: 1985, sex: 'female' }, []],
    ['027185000001', { birthYear: 1984, sex: 'female' }, ['NUMBER_BIRTH_YEAR']],
    ['027185000001', { birthYear: 1985, sex: 'male' }, ['NUMBER_SEX']],
    [
      '027385000001',
      { birthYear: 1985, sex: 'female' },
      ['NUMBER_BIRTH_YEAR', 'NUMBER_BIRTH_YEAR_IN_FUTURE'],
    ],
    ['027000000001', { birthYear: 1900, sex: 'male' }, ['NUMBER_BORN_OVER_120_YEARS_AGO']],
    ['125123456', { birthYear: 1985, sex: 'male' }, []],
  ] as const)('%s, %j: %j', (number, person, codes) =>
    expect(numberContradictions(number, person, 2026).map(({ code }) => code)).toEqual(codes),
  );
});

// Of public companies, or made.
test.each([
  ['0100109106', null],
  ['0300588569', null],
  ['0100112437', null],
  ['0100111948', null],
  ['2300000029', null],
  ['2300000043', null],
  ['2300000043-001', null],
  ['0100109107', 'checkDigit'],
  ['2300000090', 'checkDigit'],
  ['2300000091', 'checkDigit'],
  ['230000004', 'form'],
  ['2300000043-01', 'form'],
  ['2300000043 ', 'form'],
  ['027185000001', null],
])('the fault of tax code %s is %s', (code, fault) => expect(taxCodeFault(code)).toBe(fault));
