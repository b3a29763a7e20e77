import type { Text } from '@ansinh/language';
import { columnSet, columnTitles } from './list-columns.js';

/**
 * Columns of a list of what was handed out in cash. `payment` names the line; `result` says whether the person had the
 * money, with the day, or the reason why not. `amount` is only compared: a difference shows that a row slipped.
 */
export const receiptNames = ['payment', 'result', 'paidOn', 'reason', 'amount'] as const;

export type ReceiptColumn = (typeof receiptNames)[number];

/** Headers of a cash list, which is a list of receipts once it is filled in. */
export const receiptTitles: Record<ReceiptColumn, Text> = {
  payment: { vi: 'Mã khoản chi', en: 'Payment' },
  result: { vi: 'Kết quả', en: 'Result' },
  paidOn: { vi: 'Ngày nhận', en: 'Paid on' },
  reason: { vi: 'Lý do chưa nhận', en: 'Reason' },
  amount: columnTitles.amount,
};

const titlesOf = ({ vi, en }: Text, ...aliases: string[]) => [vi, en, ...aliases];

export const receiptColumns = columnSet(receiptNames, new Set(['paidOn', 'reason', 'amount']), {
  payment: titlesOf(receiptTitles.payment, 'endToEndId', 'mã tham chiếu khoản chi', 'row', 'dòng'),
  result: titlesOf(receiptTitles.result, 'kết quả chi trả', 'đã nhận / chưa nhận'),
  paidOn: titlesOf(receiptTitles.paidOn, 'ngày chi', 'ngày ký nhận', 'ngày chi trả'),
  reason: titlesOf(receiptTitles.reason, 'lý do'),
  amount: titlesOf(receiptTitles.amount),
});
