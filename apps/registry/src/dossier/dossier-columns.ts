import type { Text } from '@ansinh/language';
import type { ExportColumn } from '../export/list-export.service.js';
import type { DossierView, WorkloadRow } from './dossier.dto.js';
import type { DossierState } from './dossier.states.js';

const stateTexts: Record<DossierState, Text> = {
  presented: { vi: 'Mới nộp', en: 'Presented' },
  incomplete: { vi: 'Chờ bổ sung để tiếp nhận', en: 'Incomplete' },
  refused: { vi: 'Từ chối tiếp nhận', en: 'Refused' },
  received: { vi: 'Đã tiếp nhận', en: 'Received' },
  processing: { vi: 'Đang xử lý', en: 'Processing' },
  awaitingSupplement: { vi: 'Chờ bổ sung', en: 'Awaiting a supplement' },
  onHold: { vi: 'Tạm dừng', en: 'On hold' },
  decided: { vi: 'Đã có kết quả', en: 'Decided' },
  returned: { vi: 'Đã trả kết quả', en: 'Returned' },
  withdrawn: { vi: 'Rút hồ sơ', en: 'Withdrawn' },
};

const standingTexts: Record<NonNullable<DossierView['standing']>, Text> = {
  onTime: { vi: 'Trong hạn', en: 'On time' },
  dueSoon: { vi: 'Sắp đến hạn', en: 'Due soon' },
  overdue: { vi: 'Quá hạn', en: 'Overdue' },
};

export const dossierColumnsOfList: ExportColumn<DossierView>[] = [
  { title: { vi: 'Mã hồ sơ', en: 'Code' }, width: 26, text: ({ code }) => code },
  {
    title: { vi: 'Thủ tục', en: 'Procedure' },
    width: 50,
    text: ({ procedure }, language) => procedure.name[language],
  },
  { title: { vi: 'Người nộp', en: 'Applicant' }, width: 28, text: ({ applicantName }) => applicantName },
  { title: { vi: 'Địa bàn', en: 'Place' }, width: 10, text: ({ placeCode }) => placeCode },
  {
    title: { vi: 'Trạng thái', en: 'State' },
    width: 18,
    text: ({ state }, language) => stateTexts[state][language],
  },
  { title: { vi: 'Đơn vị đang xử lý', en: 'With' }, width: 12, text: ({ holderCode }) => holderCode },
  { title: { vi: 'Bước', en: 'Step' }, width: 40, text: ({ step }, language) => step?.name[language] ?? '' },
  { title: { vi: 'Người xử lý', en: 'Assignee' }, width: 20, text: ({ assignee }) => assignee ?? '' },
  {
    title: { vi: 'Ngày tiếp nhận', en: 'Counts from' },
    width: 14,
    text: ({ countsFrom }) => countsFrom ?? '',
  },
  { title: { vi: 'Hạn của bước', en: 'Step due' }, width: 14, text: ({ stepDueOn }) => stepDueOn ?? '' },
  { title: { vi: 'Hạn trả kết quả', en: 'Due' }, width: 14, text: ({ dueOn }) => dueOn ?? '' },
  {
    title: { vi: 'Tình trạng hạn', en: 'Standing' },
    width: 14,
    text: ({ standing }, language) => (standing ? standingTexts[standing][language] : ''),
  },
];

const count = (title: Text, of: (row: WorkloadRow) => number): ExportColumn<WorkloadRow> => ({
  title,
  width: 14,
  text: (row) => String(of(row)),
});

export const workloadColumnsOfList: ExportColumn<WorkloadRow>[] = [
  { title: { vi: 'Đơn vị đang xử lý', en: 'With' }, width: 18, text: ({ holderCode }) => holderCode },
  { title: { vi: 'Thủ tục', en: 'Procedure' }, width: 22, text: ({ procedureCode }) => procedureCode },
  { title: { vi: 'Bước', en: 'Step' }, width: 18, text: ({ step }) => step ?? '' },
  count({ vi: 'Đang giữ', en: 'Open' }, ({ open }) => open),
  count({ vi: 'Quá hạn', en: 'Overdue' }, ({ overdue }) => overdue),
  count({ vi: 'Sắp đến hạn', en: 'Due soon' }, ({ dueSoon }) => dueSoon),
  count({ vi: 'Quá hạn bước', en: 'Step overdue' }, ({ stepOverdue }) => stepOverdue),
];
