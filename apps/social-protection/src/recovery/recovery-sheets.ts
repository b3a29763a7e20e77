import type { Text } from '@ansinh/language';
import { column, type ListSheet } from '@ansinh/uploads';
import type { OverpaymentView, RecoveryView } from './recovery.dto.js';
import type { RecoveryManner, RecoveryState } from './recovery.states.js';

const mannerNames: Record<RecoveryManner, Text> = {
  instalments: { vi: 'Trừ dần', en: 'Instalments' },
  cash: { vi: 'Nộp lại tiền mặt', en: 'Cash' },
  waiver: { vi: 'Không thu hồi', en: 'Waived' },
};

const stateNames: Record<RecoveryState, Text> = {
  proposed: { vi: 'Đã đề nghị', en: 'Proposed' },
  approved: { vi: 'Đang thu hồi', en: 'Being recovered' },
  settled: { vi: 'Đã xong', en: 'Settled' },
  rejected: { vi: 'Không được duyệt', en: 'Rejected' },
  withdrawn: { vi: 'Đã rút', en: 'Withdrawn' },
  ended: { vi: 'Đã dừng', en: 'Ended' },
};

export const recoverySheet: ListSheet<RecoveryView> = {
  name: 'recoveries',
  sheet: { vi: 'Thu hồi', en: 'Recoveries' },
  columns: [
    column('Họ và tên', 'Full name', 28, ({ name }) => name),
    column('Mã xã', 'Commune', 10, ({ placeCode }) => placeCode),
    column('Hình thức', 'Manner', 18, ({ manner }, language) => mannerNames[manner][language]),
    column('Số tiền (đồng)', 'Amount (đồng)', 16, ({ amount }) => amount),
    column('Mỗi tháng nhiều nhất', 'Most a month', 20, ({ mostAMonth }) => mostAMonth),
    column('Đã thu hồi hoặc miễn', 'Taken', 20, ({ taken }) => taken),
    column('Phiếu thu', 'Receipt', 18, ({ receipt }) => receipt),
    column('Ngày phiếu thu', 'Received', 14, ({ receivedOn }) => receivedOn),
    column('Quyết định', 'Decision', 22, ({ paper }) => paper),
    column('Lý do', 'Reason', 50, ({ reason }) => reason),
    column('Trạng thái', 'State', 18, ({ state }, language) => stateNames[state][language]),
  ],
};

export const overpaymentSheet: ListSheet<OverpaymentView> = {
  name: 'overpayments',
  sheet: { vi: 'Chi thừa', en: 'Overpayments' },
  columns: [
    column('Họ và tên', 'Full name', 28, ({ name }) => name),
    column('Mã xã', 'Commune', 10, ({ placeCode }) => placeCode),
    column('Các tháng', 'Months', 30, ({ months }) => months.map(({ month }) => month).join(', ')),
    column('Còn phải thu hồi (đồng)', 'Owed (đồng)', 22, ({ owed }) => owed),
    column('Đã có đề nghị (đồng)', 'Planned (đồng)', 20, ({ planned }) => planned),
    column('Còn hưởng đến tháng', 'Granted until', 20, ({ grantedUntil }) => grantedUntil),
  ],
};
