import { column, type ListSheet } from '@ansinh/uploads';
import type { BankExceptionView } from './bank-exception.dto.js';

export const bankExceptionSheet: ListSheet<BankExceptionView> = {
  name: 'bank-exceptions',
  sheet: { vi: 'Chênh lệch với ngân hàng', en: 'Exceptions' },
  columns: [
    column('Nguồn', 'Source', 14, ({ source }) => source),
    column('Mã', 'Code', 24, ({ code }) => code),
    column('Nội dung', 'Message', 60, ({ message }) => message),
    column('Dòng', 'Row', 8, ({ row }) => row),
    column('Mã khoản vay', 'Loan', 16, ({ loanCode }) => loanCode),
    column('Số của ta', 'Ours', 18, ({ expected }) => expected),
    column('Số của ngân hàng', 'The bank’s', 18, ({ observed }) => observed),
    column('Ngày', 'Day', 12, ({ on }) => on),
    column('Số chứng từ', 'Reference', 24, ({ reference }) => reference),
    column('Trạng thái', 'State', 12, ({ state }) => state),
    column('Người phụ trách', 'Owner', 24, ({ owner }) => owner),
    column('Cách xử lý', 'Resolution', 16, ({ resolution }) => resolution),
    column('Ghi chú', 'Note', 40, ({ note }) => note),
    column('Người xử lý', 'Resolved by', 24, ({ resolvedBy }) => resolvedBy),
    column('Phát hiện lúc', 'Raised', 26, ({ raisedAt }) => raisedAt),
  ],
};
