import type { Text } from '@ansinh/language';
import { column, type ListSheet } from '@ansinh/uploads';
import type { GrievanceView } from './grievance.dto.js';
import type { GrievanceState } from './grievance.states.js';

const stateNames: Record<GrievanceState, Text> = {
  received: { vi: 'Đã tiếp nhận', en: 'Received' },
  examining: { vi: 'Đang xác minh', en: 'Examined' },
  upheld: { vi: 'Khiếu nại đúng, chờ sửa', en: 'Upheld' },
  kept: { vi: 'Giữ nguyên', en: 'Kept' },
  corrected: { vi: 'Đã sửa', en: 'Corrected' },
  withdrawn: { vi: 'Đã rút', en: 'Withdrawn' },
};

export const grievanceSheet: ListSheet<GrievanceView> = {
  name: 'grievances',
  sheet: { vi: 'Khiếu nại', en: 'Grievances' },
  columns: [
    column('Người khiếu nại', 'Complainant', 28, ({ complainant }) => complainant),
    column('Nội dung', 'Statement', 60, ({ statement }) => statement),
    column('Ngày nhận', 'Received', 12, ({ receivedOn }) => receivedOn),
    column('Hạn trả lời', 'Due', 12, ({ dueOn }) => dueOn),
    column('Quá hạn', 'Overdue', 10, ({ isOverdue }) => (isOverdue ? 'x' : '')),
    column('Trạng thái', 'State', 24, ({ state }, language) => stateNames[state][language]),
    column('Văn bản trả lời', 'Paper', 24, ({ moves }) => moves.findLast(({ paper }) => paper)?.paper ?? ''),
  ],
};
