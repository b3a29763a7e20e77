import type { Text } from '@ansinh/language';
import type { DecisionOutcome } from '@ansinh/policy';
import { column, type ListSheet } from '@ansinh/uploads';
import type { DecisionView } from './decision.dto.js';

const outcomeNames: Record<DecisionOutcome, Text> = {
  granted: { vi: 'Được hưởng', en: 'Granted' },
  paidElsewhere: { vi: 'Hưởng ở chế độ khác', en: 'Paid elsewhere' },
  refused: { vi: 'Không đủ điều kiện', en: 'Refused' },
  incomplete: { vi: 'Thiếu thông tin', en: 'Incomplete' },
  unconfirmed: { vi: 'Chờ xác nhận quy định', en: 'Law not confirmed' },
  outsideLaw: { vi: 'Ngoài thời gian áp dụng', en: 'Outside the law' },
};

export const decisionSheet: ListSheet<DecisionView> = {
  name: 'decisions',
  sheet: { vi: 'Quyết định', en: 'Decisions' },
  columns: [
    column('Họ và tên', 'Full name', 28, ({ name }) => name),
    column('Tháng', 'Month', 10, ({ month }) => month),
    column('Kết quả', 'Outcome', 24, ({ outcome }, language) => outcomeNames[outcome][language]),
    column('Số tiền', 'Amount', 14, ({ amount }) => amount),
    column('Quy định', 'Rules', 30, ({ rules }) => rules.join('; ')),
    column('Căn cứ không đạt', 'Because of', 30, ({ because }) => because.join('; ')),
    column('Mã tra cứu', 'Digest', 66, ({ digest }) => digest),
  ],
};
