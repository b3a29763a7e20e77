import type { Text } from '@ansinh/language';
import { column, type ListSheet } from '@ansinh/uploads';
import { programmeOf } from '../programme/programmes.js';
import type { RunView } from './run.dto.js';
import type { RunState } from './run.states.js';

const stateNames: Record<RunState, Text> = {
  deciding: { vi: 'Đang xét', en: 'Deciding' },
  decided: { vi: 'Đã xét', en: 'Decided' },
  submitted: { vi: 'Đã trình', en: 'Submitted' },
  approved: { vi: 'Đã duyệt', en: 'Approved' },
  rejected: { vi: 'Bị từ chối', en: 'Rejected' },
};

export const runSheet: ListSheet<RunView> = {
  name: 'support-runs',
  sheet: { vi: 'Đợt xét hưởng', en: 'Runs' },
  columns: [
    column(
      'Chương trình',
      'Programme',
      44,
      ({ programme }, language) => programmeOf(programme).name[language],
    ),
    column('Tháng', 'Month', 10, ({ month }) => month),
    column('Ngày xét', 'Decided on', 12, ({ decidedOn }) => decidedOn),
    column('Hạn chi', 'Due', 12, ({ dueOn }) => dueOn),
    column('Trạng thái', 'State', 14, ({ state }, language) => stateNames[state][language]),
    column('Số dòng', 'Rows', 10, ({ rows }) => rows),
    column('Đã xét', 'Taken', 10, ({ taken }) => taken),
    column('Mã tra cứu', 'Digest', 66, ({ digest }) => digest),
  ],
};
