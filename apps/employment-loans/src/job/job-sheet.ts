import type { Text } from '@ansinh/language';
import { column, type ListSheet } from '@ansinh/uploads';
import type { JobOutcome, JobView } from './job.dto.js';

const jobOutcomeTexts: Record<JobOutcome, Text> = {
  counted: { vi: 'Được tính', en: 'Counted' },
  countedElsewhere: { vi: 'Đã tính ở khoản vay khác', en: 'Counted for another loan already' },
  unknown: { vi: 'Không có trong sổ đăng ký', en: 'Not in the registry' },
  deceased: { vi: 'Đã chết', en: 'Deceased' },
  notEmployed: { vi: 'Không có hợp đồng lao động với người vay', en: 'No contract with the borrower' },
  notInsured: { vi: 'Chưa đóng bảo hiểm xã hội', en: 'Not insured' },
  undecided: {
    vi: 'Chưa quyết định: quy định chờ xác nhận',
    en: 'Not decided: the law waits to be confirmed',
  },
};
const kindTexts: Record<JobView['kind'], Text> = {
  created: { vi: 'Tạo mới', en: 'Created' },
  kept: { vi: 'Duy trì', en: 'Kept' },
};

export const jobSheet: ListSheet<JobView> = {
  name: 'loan-jobs',
  sheet: { vi: 'Việc làm', en: 'Jobs' },
  columns: [
    column('Mã khoản vay', 'Code', 16, ({ code }) => code),
    column('Người vay', 'Borrower', 36, ({ borrowerName }) => borrowerName),
    column('Mã xã', 'Commune', 10, ({ placeCode }) => placeCode),
    column('Người lao động', 'Worker', 28, ({ name }) => name),
    column('Việc làm', 'Job', 12, ({ kind }, language) => kindTexts[kind][language]),
    column('Kết quả', 'Outcome', 34, ({ outcome }, language) => jobOutcomeTexts[outcome][language]),
    column('Ngày kiểm tra', 'Checked on', 14, ({ foundOn }) => foundOn),
    column('Hợp đồng từ ngày', 'Contract from', 16, ({ contractFrom }) => contractFrom),
    column('Hợp đồng đến ngày', 'Contract until', 16, ({ contractUntil }) => contractUntil),
    column('Đóng BHXH từ ngày', 'Insured from', 16, ({ insuredFrom }) => insuredFrom),
    column('Quy định chờ xác nhận', 'Law to be confirmed', 30, ({ unconfirmed }) => unconfirmed.join(', ')),
  ],
};
