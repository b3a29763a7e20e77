import { column, type ListSheet } from '@ansinh/uploads';
import type { ArrearsView } from './arrears.dto.js';

export const arrearsSheet: ListSheet<ArrearsView> = {
  name: 'loan-arrears',
  sheet: { vi: 'Nợ quá hạn', en: 'Arrears' },
  columns: [
    column('Mã khoản vay', 'Code', 16, ({ code }) => code),
    column('Người vay', 'Borrower', 36, ({ borrowerName }) => borrowerName),
    column('Mã xã', 'Commune', 10, ({ placeCode }) => placeCode),
    column('Chương trình', 'Product', 18, ({ productCode }) => productCode),
    column('Trạng thái', 'State', 14, ({ state }) => state),
    column('Nhóm nợ', 'Group of debt', 10, ({ debtGroup }) => debtGroup),
    column('Số ngày quá hạn', 'Days past due', 14, ({ daysPastDue }) => daysPastDue),
    column('Quá hạn từ', 'Since', 12, ({ pastDueFrom }) => pastDueFrom),
    column('Dư nợ gốc', 'Principal', 18, ({ principal }) => principal),
    column('Gốc quá hạn', 'Overdue principal', 18, ({ overduePrincipal }) => overduePrincipal),
  ],
};
