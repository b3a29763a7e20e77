import { column, type ListSheet } from '@ansinh/uploads';
import { programmeOf } from '../programme/programmes.js';
import type { ListFindingView, SupportListView } from './list.dto.js';

export const listSheet: ListSheet<SupportListView> = {
  name: 'support-lists',
  sheet: { vi: 'Danh sách đề nghị', en: 'Lists' },
  columns: [
    column(
      'Chương trình',
      'Programme',
      44,
      ({ programme }, language) => programmeOf(programme).name[language],
    ),
    column('Nội dung', 'Choice', 20, ({ choice }) => choice),
    column('Người gửi', 'Sender', 36, ({ employerName }) => employerName),
    column('Mã số thuế', 'Tax code', 16, ({ taxCode }) => taxCode),
    column('Mã xã', 'Commune', 10, ({ placeCode }) => placeCode),
    column('Ngày nhận', 'Received', 12, ({ receivedOn }) => receivedOn),
    column('Số dòng', 'Rows', 10, ({ rows }) => rows),
    column('Dòng lỗi', 'Flawed', 10, ({ blocked }) => blocked),
    column('Bị trả lại', 'Refused', 10, ({ isRefused }) => (isRefused ? 'x' : '')),
  ],
};

export const findingSheet: ListSheet<Pick<ListFindingView, 'row' | 'code' | 'column' | 'message'>> = {
  name: 'findings',
  sheet: { vi: 'Lỗi của danh sách', en: 'Findings' },
  columns: [
    column('Dòng', 'Row', 8, ({ row }) => row),
    column('Cột', 'Column', 24, ({ column: name }) => name),
    column('Mã lỗi', 'Code', 22, ({ code }) => code),
    column('Nội dung', 'Message', 80, ({ message }, language) => message[language]),
  ],
};
