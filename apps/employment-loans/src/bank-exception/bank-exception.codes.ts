import type { Language, Text } from '@ansinh/language';

/** What the bank has that is not as ours is, and why it could not be booked. */
export const bankExceptionCodes = {
  LOAN_UNKNOWN: { vi: 'Không có khoản vay mang mã này.', en: 'There is no loan of this code.' },
  BORROWER_DIFFERS: {
    vi: 'Tên người vay khác với hồ sơ: có thể nhầm mã.',
    en: 'The loan is of another borrower: the code may be wrong.',
  },
  AMOUNT_DIFFERS: {
    vi: 'Gốc cộng lãi khác số tiền trả.',
    en: 'Principal and interest do not sum to the amount.',
  },
  DAY_TO_COME: { vi: 'Ngày trả chưa đến.', en: 'The day of the payment is still to come.' },
  BEFORE_DISBURSEMENT: {
    vi: 'Ngày trả trước ngày giải ngân.',
    en: 'It was paid before the loan was disbursed.',
  },
  LOAN_CLOSED: { vi: 'Khoản vay đã tất toán.', en: 'The loan is closed.' },
  LOAN_NOT_OWING: {
    vi: 'Khoản vay chưa hoặc không có dư nợ.',
    en: 'The loan owes nothing, by the state that it is in.',
  },
  REFERENCE_REPEATED: {
    vi: 'Số chứng từ đã dùng cho một lần trả khác.',
    en: 'The reference is that of another payment.',
  },
  BOOK_REFUSES: {
    vi: 'Sổ của khoản vay không cho ghi lần trả này.',
    en: 'The book of the loan does not take this payment.',
  },
  LOAN_REPEATED: { vi: 'Khoản vay có hai dòng trong tệp.', en: 'The file names the loan twice.' },
  LOAN_MISSING: {
    vi: 'Khoản vay còn dư nợ nhưng không có trong tệp của ngân hàng.',
    en: 'The loan owes by our book, and the bank does not name it.',
  },
  PRINCIPAL_DIFFERS: { vi: 'Dư nợ gốc chênh lệch.', en: 'The principal differs.' },
  OVERDUE_DIFFERS: { vi: 'Gốc quá hạn chênh lệch.', en: 'The overdue principal differs.' },
  INTEREST_DIFFERS: { vi: 'Lãi phải thu chênh lệch.', en: 'The interest that is owed differs.' },
  DISBURSEMENT_DIFFERS: {
    vi: 'Ngân hàng giải ngân số tiền khác lệnh giải ngân.',
    en: 'The bank paid out another amount than was ordered.',
  },
  PAID_AFTER_RETURN: {
    vi: 'Khoản giải ngân đã trả lại, nay ngân hàng báo đã chi.',
    en: 'A disbursement that had come back is paid now.',
  },
} as const satisfies Record<string, Text>;

export type BankExceptionCode = keyof typeof bankExceptionCodes;

/** Why a payment that the bank names could not be booked. */
export type RepaymentFault = Extract<
  BankExceptionCode,
  | 'LOAN_UNKNOWN'
  | 'BORROWER_DIFFERS'
  | 'AMOUNT_DIFFERS'
  | 'DAY_TO_COME'
  | 'BEFORE_DISBURSEMENT'
  | 'LOAN_CLOSED'
  | 'LOAN_NOT_OWING'
  | 'REFERENCE_REPEATED'
  | 'BOOK_REFUSES'
>;

/** What became of a row: of one that could not be booked, or is not as ours is, the code. */
export const plainOutcomes = {
  booked: { vi: 'Đã ghi sổ.', en: 'Booked.' },
  known: { vi: 'Đã ghi sổ từ trước.', en: 'Booked before.' },
  agrees: { vi: 'Khớp.', en: 'It agrees.' },
} as const satisfies Record<string, Text>;

/** How a difference was resolved by a later file of balances. */
export const agreedNote = (on: string): Text => ({
  vi: `Số dư ngày ${on} đã khớp.`,
  en: `The balances of ${on} agree.`,
});

export type BankRowOutcome = keyof typeof plainOutcomes | BankExceptionCode;

export const outcomeSentence = (outcome: BankRowOutcome, language: Language): string =>
  ({ ...plainOutcomes, ...bankExceptionCodes })[outcome][language];
