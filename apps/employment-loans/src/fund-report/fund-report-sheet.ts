import { column, type ListSheet } from '@ansinh/uploads';
import type { FundReport } from './fund-report.dto.js';

export const fundReportSheet: ListSheet<FundReport> = {
  name: 'fund-reports',
  sheet: { vi: 'Báo cáo nguồn vốn', en: 'Funds' },
  columns: [
    column('Mã địa bàn', 'Place', 12, ({ placeCode }) => placeCode),
    column('Nguồn vốn', 'Source', 14, ({ source }) => source),
    column('Từ ngày', 'From', 12, ({ from }) => from),
    column('Đến ngày', 'Through', 12, ({ through }) => through),
    column('Dư nợ đầu kỳ', 'Opening', 18, ({ opening }) => opening),
    column('Cho vay', 'Disbursed', 18, ({ disbursed }) => disbursed),
    column('Thu nợ gốc', 'Principal collected', 18, ({ principalCollected }) => principalCollected),
    column('Xóa nợ gốc', 'Principal cancelled', 18, ({ principalCancelled }) => principalCancelled),
    column('Dư nợ cuối kỳ', 'Closing', 18, ({ closing }) => closing),
    column('Lãi thực thu', 'Interest collected', 18, ({ interestCollected }) => interestCollected),
    column('Bộ', 'Ministry', 16, ({ ministry }) => ministry),
    column('Sở và cấp huyện', 'Department and districts', 18, (report) => report.departmentAndDistricts),
    column('Bổ sung nguồn vốn', 'Added to the fund', 18, ({ fund }) => fund),
    column('Ngân hàng', 'Bank', 18, ({ bank }) => bank),
    column('Chưa phân chia', 'Undivided', 18, ({ undivided }) => undivided),
    column('Quy định chờ xác nhận', 'Law to be confirmed', 30, ({ unconfirmed }) => unconfirmed.join(', ')),
  ],
};
