import { column, type ListSheet } from '@ansinh/uploads';
import type { ClosingView } from './closing.dto.js';

export const closingSheet: ListSheet<ClosingView> = {
  name: 'day-closings',
  sheet: { vi: 'Khóa sổ ngày', en: 'Closings' },
  columns: [
    column('Ngày', 'Day', 12, ({ day }) => day),
    column('Trạng thái', 'State', 12, ({ state }) => state),
    column('Số khoản vay', 'Loans', 14, ({ loans }) => loans),
    column('Đã xong', 'Done', 12, ({ done }) => done),
    column('Bút toán', 'Entries', 12, ({ entries }) => entries),
    column('Chuyển trạng thái', 'Moves', 16, ({ moves }) => moves),
    column('Bắt đầu', 'Started', 26, ({ startedAt }) => startedAt),
    column('Kết thúc', 'Closed', 26, ({ closedAt }) => closedAt),
  ],
};
