import type { Text } from '@ansinh/language';
import { column, type ListSheet } from '@ansinh/uploads';
import type { ReviewView } from './review.dto.js';
import type { ReviewState } from './review.states.js';

const stateNames: Record<ReviewState, Text> = {
  open: { vi: 'Đang rà soát', en: 'Open' },
  posted: { vi: 'Đang niêm yết', en: 'Posted' },
  submitted: { vi: 'Đã trình', en: 'Submitted' },
  approved: { vi: 'Đã công nhận', en: 'Approved' },
};

export const reviewSheet: ListSheet<ReviewView> = {
  name: 'poverty-reviews',
  sheet: { vi: 'Rà soát hộ nghèo', en: 'Poverty reviews' },
  columns: [
    column('Năm', 'Year', 8, ({ year }) => year),
    column('Mã xã', 'Commune', 10, ({ placeCode }) => placeCode),
    column('Ngày rà soát', 'Reviewed on', 14, ({ reviewedOn }) => reviewedOn),
    column('Trạng thái', 'State', 16, ({ state }, language) => stateNames[state][language]),
    column('Tổng số hộ', 'Households', 12, ({ households }) => households),
    column('Đã rà soát', 'Reviewed', 12, ({ reviewed }) => reviewed),
    column('Hộ nghèo', 'Poor', 10, ({ poor }) => poor),
    column('Hộ cận nghèo', 'Near poor', 14, ({ nearPoor }) => nearPoor),
    column('Niêm yết đến', 'Posted until', 14, ({ postedUntil }) => postedUntil),
  ],
};
