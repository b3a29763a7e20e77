import { describe, expect, test } from '@jest/globals';
import { columnTitles, listColumns, matchHeader, paymentColumns } from './list-columns.js';
import { ListError } from './list-error.js';

test.each([
  [
    'payeeId',
    ['payeeId', 'PAYEEID', 'payee_id', 'Payee ID', 'Citizen number', 'Số định danh', 'SỐ ĐỊNH DANH', 'CCCD'],
  ],
  [
    'payeeId',
    ['Số CCCD', 'so cccd', 'Số  CCCD ', 'Số\u00a0CCCD', 'Số định danh cá nhân', 'Căn cước công dân'],
  ],
  [
    'payeeName',
    ['payeeName', 'Full name', 'Name', 'Họ và tên', 'HỌ VÀ TÊN', 'Ho va ten', 'Họ tên', 'Họ\nvà tên'],
  ],
  ['bankBin', ['bankBin', 'Bank code', 'BIN', 'Mã ngân hàng', 'ma ngan hang', 'Mã BIN']],
  ['account', ['account', 'Account number', 'Số tài khoản', 'Số TK', 'STK', 'so tai khoan']],
  ['amount', ['amount', 'Amount', 'Số tiền', 'SỐ TIỀN (đồng)', 'Số tiền (VNĐ)', 'so tien']],
  ['programmeCode', ['programmeCode', 'Programme code', 'Mã chương trình']],
  ['policyCode', ['policyCode', 'Policy code', 'Mã chính sách']],
  ['period', ['period', 'Period', 'Kỳ', 'Kỳ chi trả', 'KỲ CHI TRẢ', 'ky', 'Tháng']],
  ['placeCode', ['placeCode', 'Place code', 'Mã địa bàn', 'Mã xã', 'Mã xã/phường']],
  ['ordinal', ['ordinal', 'Ordinal', 'Lần', 'Thứ tự', 'lan']],
  ['remittance', ['remittance', 'Remittance', 'Nội dung', 'Diễn giải', 'noi dung']],
] as const)('%s is found under %p, composed and decomposed', (column, headers) => {
  for (const header of headers) {
    for (const form of ['NFC', 'NFD']) {
      expect([header, listColumns[paymentColumns.indexOf(header.normalize(form))]]).toEqual([header, column]);
    }
  }
});

test.each([
  '',
  ' ',
  'STT',
  'Số thứ tự',
  'Ghi chú',
  'Ghi chú kiểm tra',
  'Remarks',
  'Ngân hàng',
  'Chủ tài khoản',
  'Ngày sinh',
  '__proto__',
])('%p names no column', (header) => expect(paymentColumns.indexOf(header)).toBe(-1));

test('the titles that are written are read again', () => {
  for (const column of listColumns) {
    expect(listColumns[paymentColumns.indexOf(columnTitles[column].vi)]).toBe(column);
    expect(listColumns[paymentColumns.indexOf(columnTitles[column].en)]).toBe(column);
  }
});

describe('matchHeader', () => {
  test('finds columns in any order and tells what it left out', () => {
    const headers = [
      'STT',
      'Lần',
      ...[...listColumns].reverse().filter((column) => column !== 'ordinal'),
      'Ghi chú',
      '',
    ];
    expect(matchHeader(headers)).toEqual({
      positions: [11, 10, 9, 8, 7, 6, 5, 4, 3, 1, 2],
      ignored: ['STT', 'Ghi chú'],
    });
  });

  test('needs neither ordinal nor remittance', () => {
    expect(matchHeader(listColumns.slice(0, 9)).positions).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, -1, -1]);
  });

  test('refuses a header without a required column, naming all that are missing', () => {
    const headers = listColumns.filter((column) => column !== 'amount' && column !== 'payeeId');
    expect(() => matchHeader(headers)).toThrow(
      new ListError('MISSING_COLUMN', { columns: ['payeeId', 'amount'] }),
    );
  });

  test('invisible signs do not matter, letters of another script do', () => {
    const headers = listColumns.map((column) => `\u200b${column.slice(0, 3)}\u2060${column.slice(3)}\ufeff`);
    expect(matchHeader(headers)).toEqual(matchHeader(listColumns));
    for (const other of ['非amount', 'аmount', 'amount金額']) {
      expect(() => matchHeader(listColumns.map((column) => (column === 'amount' ? other : column)))).toThrow(
        new ListError('MISSING_COLUMN', { columns: ['amount'] }),
      );
    }
  });

  test('refuses one column under two headers, whichever they are', () => {
    const refused = () => matchHeader([...listColumns, 'Số tiền']);
    expect(refused).toThrow(
      new ListError('DUPLICATE_COLUMN', { column: 'amount', given: 'amount, Số tiền' }),
    );
  });
});
