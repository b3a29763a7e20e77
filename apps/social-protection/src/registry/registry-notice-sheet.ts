import type { Text } from '@ansinh/language';
import { column, type ListSheet } from '@ansinh/uploads';
import type { NoticeKind } from './judge-told.js';
import type { NoticeState, RegistryNoticeView } from './registry-notice.dto.js';

const kindNames: Record<NoticeKind, Text> = {
  died: { vi: 'Đã chết', en: 'Died' },
  deathDiffers: { vi: 'Ngày chết khác', en: 'Other day of death' },
  deathTakenBack: { vi: 'Không còn ghi là đã chết', en: 'Not dead after all' },
  moved: { vi: 'Chuyển đến xã khác', en: 'Moved to another commune' },
  residenceDiffers: { vi: 'Nơi cư trú khác', en: 'Other residence' },
  leftProvince: { vi: 'Chuyển ra ngoài tỉnh', en: 'Moved out of the province' },
  samePerson: { vi: 'Một người hai số định danh', en: 'One person of two numbers' },
  twoPeople: { vi: 'Hai người khác nhau', en: 'Two people after all' },
};

const stateNames: Record<NoticeState, Text> = {
  applied: { vi: 'Đã áp dụng', en: 'Applied' },
  open: { vi: 'Chờ quyết định', en: 'To be decided' },
  acted: { vi: 'Đã xử lý', en: 'Acted on' },
  dismissed: { vi: 'Không áp dụng', en: 'Dismissed' },
  superseded: { vi: 'Đã có tin khác', en: 'Superseded' },
};

export const registryNoticeSheet: ListSheet<RegistryNoticeView> = {
  name: 'registry-notices',
  sheet: { vi: 'Tin của sổ dân cư', en: 'Notices of the registry' },
  columns: [
    column('Họ và tên', 'Full name', 28, ({ name }) => name),
    column('Mã xã', 'Commune', 10, ({ officeCode }) => officeCode),
    column('Chính sách', 'Programme', 20, ({ programme }) => programme),
    column('Tin', 'Notice', 26, ({ kind }, language) => kindNames[kind][language]),
    column('Ngày chết', 'Day of death', 14, ({ diedOn }) => diedOn),
    column('Xã trong sổ dân cư', 'Commune in the registry', 20, ({ placeCode }) => placeCode),
    column('Cư trú từ ngày', 'Resident from', 14, ({ residentFrom }) => residentFrom),
    column('Trạng thái', 'State', 18, ({ state }, language) => stateNames[state][language]),
    column('Quyết định', 'Decision', 22, ({ paper }) => paper),
    column('Lý do', 'Why', 50, ({ note }) => note),
    column('Nhận lúc', 'Told at', 24, ({ toldAt }) => toldAt),
  ],
};
