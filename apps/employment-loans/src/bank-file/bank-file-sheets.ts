import { column, type ListSheet } from '@ansinh/uploads';
import type { BankFileView, GroupView } from './bank-file.dto.js';

export const bankFileSheet: ListSheet<BankFileView> = {
  name: 'bank-files',
  sheet: { vi: 'Tệp của ngân hàng', en: 'Files of the bank' },
  columns: [
    column('Loại', 'Kind', 14, ({ kind }) => kind),
    column('Tại ngày', 'As of', 12, ({ asOf }) => asOf),
    column('Số dòng', 'Rows', 10, ({ rows }) => rows),
    column('Dòng lỗi', 'Blocked', 10, ({ blocked }) => blocked),
    column('Đã xử lý', 'Taken up', 10, ({ applied }) => applied),
    column('Thiếu trong tệp', 'Missing', 12, ({ missing }) => missing),
    column('Dư nợ gốc của ta', 'Our principal', 18, ({ ourPrincipal }) => ourPrincipal),
    column('Xong', 'Finished', 8, ({ isFinished }) => (isFinished ? 'x' : '')),
    column('Khớp', 'Agrees', 8, ({ agrees }) => (agrees === null ? '' : agrees ? 'x' : '0')),
    column('Người gửi', 'Sender', 24, ({ createdBy }) => createdBy),
    column('Gửi lúc', 'Sent', 26, ({ createdAt }) => createdAt),
    column('SHA-256', 'SHA-256', 66, ({ fileDigest }) => fileDigest),
  ],
};

export const groupSheet: ListSheet<GroupView> = {
  name: 'groups',
  sheet: { vi: 'Tổ tiết kiệm và vay vốn', en: 'Groups' },
  columns: [
    column('Tổ', 'Group', 36, ({ group }) => group),
    column('Số lượt nộp', 'Payments', 12, ({ payments }) => payments),
    column('Số tiền nộp', 'Handed in', 18, ({ amount }) => amount),
    column('Đã ghi sổ', 'Booked', 18, ({ booked }) => booked),
  ],
};
