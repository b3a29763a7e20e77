import type { ExportColumn } from '../export/list-export.service.js';
import type { ImportView } from './import.dto.js';
import type { ImportKind } from './import-columns.js';

const kindTexts: Record<ImportKind, { vi: string; en: string }> = {
  people: { vi: 'Người dân', en: 'People' },
  households: { vi: 'Hộ', en: 'Households' },
  employers: { vi: 'Đơn vị sử dụng lao động', en: 'Employers' },
  employment: { vi: 'Lao động', en: 'Employment' },
};

const count = (vi: string, en: string, of: (view: ImportView) => number): ExportColumn<ImportView> => ({
  title: { vi, en },
  width: 12,
  text: (view) => String(of(view)),
});

export const importColumnsOfList: ExportColumn<ImportView>[] = [
  { title: { vi: 'Mã lần nhập', en: 'Import' }, width: 38, text: ({ id }) => id },
  {
    title: { vi: 'Loại danh sách', en: 'Kind' },
    width: 24,
    text: ({ kind }, language) => kindTexts[kind][language],
  },
  count('Số dòng', 'Rows', ({ rows }) => rows),
  count('Bị bỏ ra', 'Left out', ({ blocked }) => blocked),
  count('Có cảnh báo', 'With a warning', ({ warned }) => warned),
  count('Đã xử lý', 'Taken up', ({ applied }) => applied),
  count('Đã ghi', 'Entered', ({ entered }) => entered),
  { title: { vi: 'Người nhập', en: 'By' }, width: 24, text: ({ createdBy }) => createdBy },
  { title: { vi: 'Nhận lúc', en: 'Taken in' }, width: 26, text: ({ createdAt }) => createdAt },
  { title: { vi: 'Giữ đến ngày', en: 'Kept until' }, width: 14, text: ({ keptUntil }) => keptUntil },
  { title: { vi: 'Đã xoá dòng lúc', en: 'Swept' }, width: 26, text: ({ sweptAt }) => sweptAt ?? '' },
];
