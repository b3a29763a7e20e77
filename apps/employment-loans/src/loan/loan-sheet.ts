import { column, type ListSheet } from '@ansinh/uploads';
import type { LoanView } from './loan.dto.js';

export const loanSheet: ListSheet<LoanView> = {
  name: 'loans',
  sheet: { vi: 'Khoản vay', en: 'Loans' },
  columns: [
    column('Mã khoản vay', 'Code', 16, ({ code }) => code),
    column('Chương trình', 'Product', 18, ({ productCode }) => productCode),
    column('Mã xã', 'Commune', 10, ({ placeCode }) => placeCode),
    column('Đơn vị tiếp nhận', 'Office', 16, ({ officeCode }) => officeCode),
    column('Loại người vay', 'Kind of borrower', 20, ({ borrowerKind }) => borrowerKind),
    column('Người vay', 'Borrower', 36, ({ borrowerName }) => borrowerName),
    column('Dự án', 'Project', 36, ({ project }) => project.name),
    column('Số tiền đề nghị', 'Asked for', 18, ({ amount }) => amount),
    column('Thời hạn đề nghị (tháng)', 'Term asked for (months)', 16, ({ termMonths }) => termMonths),
    column('Số tiền duyệt', 'Granted', 18, ({ grantedAmount }) => grantedAmount),
    column('Thời hạn duyệt (tháng)', 'Term (months)', 16, ({ grantedTermMonths }) => grantedTermMonths),
    column('Lãi suất (phần triệu/năm)', 'Rate (ppm a year)', 16, ({ ratePpm }) => ratePpm),
    column('Trạng thái', 'State', 14, ({ state }) => state),
  ],
};
