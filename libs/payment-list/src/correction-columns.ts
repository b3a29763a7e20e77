import type { Text } from '@ansinh/language';
import { columnSet, columnTitles } from './list-columns.js';

/**
 * Columns of a list of corrections. `payment` names the line that came back; what is filled in of the next four takes the
 * place of what was sent; `again` has the line paid once more as it was. The last two are only compared: they are not
 * corrected, and a difference shows that a row slipped.
 */
export const correctionNames = [
  'payment',
  'bankBin',
  'account',
  'payeeName',
  'remittance',
  'again',
  'payeeId',
  'amount',
] as const;

export type CorrectionColumn = (typeof correctionNames)[number];

/** Headers of a list of lines that came back, which is a list of corrections once it is filled in. */
export const correctionTitles: Record<CorrectionColumn, Text> = {
  payment: { vi: 'Mã khoản chi', en: 'Payment' },
  bankBin: { vi: 'Mã ngân hàng mới', en: 'New bank code' },
  account: { vi: 'Số tài khoản mới', en: 'New account number' },
  payeeName: { vi: 'Họ và tên mới', en: 'New full name' },
  remittance: { vi: 'Nội dung mới', en: 'New remittance' },
  again: { vi: 'Chi lại như cũ', en: 'Pay again as it was' },
  payeeId: columnTitles.payeeId,
  amount: columnTitles.amount,
};

const titlesOf = ({ vi, en }: Text, ...aliases: string[]) => [vi, en, ...aliases];

export const correctionColumns = columnSet(correctionNames, new Set(correctionNames.slice(1)), {
  payment: titlesOf(correctionTitles.payment, 'endToEndId', 'mã tham chiếu khoản chi', 'row', 'dòng'),
  bankBin: titlesOf(correctionTitles.bankBin),
  account: titlesOf(correctionTitles.account),
  payeeName: titlesOf(correctionTitles.payeeName),
  remittance: titlesOf(correctionTitles.remittance),
  again: titlesOf(correctionTitles.again),
  payeeId: titlesOf(correctionTitles.payeeId, 'CCCD', 'số căn cước'),
  amount: titlesOf(correctionTitles.amount),
});
