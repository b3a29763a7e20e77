import type { Text } from '@ansinh/language';
import { columnSet, type ColumnSet } from '@ansinh/payment-list';

export const bankFileKinds = ['repayments', 'balances'] as const;
export type BankFileKind = (typeof bankFileKinds)[number];

export interface BankColumn {
  name:
    'loan' | 'borrower' | 'amount' | 'paidOn' | 'reference' | 'group' | 'principal' | 'interest' | 'overdue';
  title: Text;
  /** Other headers that the bank writes. */
  aliases: readonly string[];
  isOptional?: boolean;
  width: number;
}

const loan = {
  name: 'loan',
  title: { vi: 'Mã khoản vay', en: 'Loan' },
  aliases: ['mã món vay', 'số món vay', 'mã khế ước', 'loan code'],
  width: 16,
} as const;

const borrower = {
  name: 'borrower',
  title: { vi: 'Người vay', en: 'Borrower' },
  aliases: ['họ và tên', 'tên khách hàng', 'tên người vay', 'khách hàng'],
  isOptional: true,
  width: 28,
} as const;

const principal = {
  name: 'principal',
  title: { vi: 'Tiền gốc', en: 'Principal' },
  aliases: ['gốc', 'dư nợ', 'dư nợ gốc', 'thu gốc'],
  width: 16,
} as const;

const interest = {
  name: 'interest',
  title: { vi: 'Tiền lãi', en: 'Interest' },
  aliases: ['lãi', 'lãi phải thu', 'lãi tồn', 'thu lãi'],
  isOptional: true,
  width: 16,
} as const;

/** Columns of each kind of file, in the order of the workbook that goes back. */
export const bankFileColumns: Record<BankFileKind, readonly BankColumn[]> = {
  repayments: [
    loan,
    borrower,
    {
      name: 'amount',
      title: { vi: 'Số tiền', en: 'Amount' },
      aliases: ['số tiền thu', 'số tiền trả'],
      width: 16,
    },
    {
      name: 'paidOn',
      title: { vi: 'Ngày trả', en: 'Paid on' },
      aliases: ['ngày thu', 'ngày giao dịch', 'ngày hạch toán'],
      width: 14,
    },
    {
      name: 'reference',
      title: { vi: 'Số chứng từ', en: 'Reference' },
      aliases: ['số bút toán', 'số giao dịch', 'mã giao dịch', 'số tham chiếu'],
      width: 22,
    },
    {
      name: 'group',
      title: { vi: 'Tổ tiết kiệm và vay vốn', en: 'Savings-and-credit group' },
      aliases: ['tổ TK&VV', 'mã tổ', 'tổ', 'group'],
      isOptional: true,
      width: 18,
    },
    { ...principal, isOptional: true },
    interest,
  ],
  balances: [
    loan,
    borrower,
    principal,
    {
      name: 'overdue',
      title: { vi: 'Gốc quá hạn', en: 'Overdue principal' },
      aliases: ['nợ quá hạn', 'dư nợ quá hạn'],
      isOptional: true,
      width: 16,
    },
    interest,
  ],
};

/** What the header of a file of this kind may name. */
export function columnsOf(kind: BankFileKind): ColumnSet {
  const columns = bankFileColumns[kind];
  return columnSet(
    columns.map(({ name }) => name as string),
    new Set(columns.filter(({ isOptional }) => isOptional).map(({ name }) => name as string)),
    Object.fromEntries(columns.map(({ name, title, aliases }) => [name, [title.vi, title.en, ...aliases]])),
  );
}
