import { catalogue } from './catalogue.js';

/** Texts of the employment loans. */
export const loans = catalogue({
  en: {
    group: 'Employment loans: ends of days',
    closeDay: 'Close all days up to one: post interest, find arrears and groups of debt',
    options: { day: 'the last day that is closed, as 2022-05-31; today by default' },
    closing: (day: string) => `Closing ${day}`,
    labels: {
      day: 'Closed until',
      loans: 'Loans that were due',
      entries: 'Entries of the ledger',
      moves: 'Became overdue, or thawed',
    },
  },
  vi: {
    group: 'Cho vay giải quyết việc làm: khóa sổ ngày',
    closeDay: 'Khóa sổ đến một ngày: hạch toán lãi, xác định nợ quá hạn và nhóm nợ',
    options: { day: 'ngày cuối cùng được khóa, như 2022-05-31; mặc định hôm nay' },
    closing: (day) => `Đang khóa sổ ${day}`,
    labels: {
      day: 'Đã khóa đến',
      loans: 'Khoản vay đến hạn xử lý',
      entries: 'Bút toán',
      moves: 'Chuyển quá hạn, hết khoanh nợ',
    },
  },
});
