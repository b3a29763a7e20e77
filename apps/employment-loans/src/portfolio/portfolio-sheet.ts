import { column, type ListSheet } from '@ansinh/uploads';
import type { PortfolioLine } from './portfolio.dto.js';

export const portfolioSheet: ListSheet<PortfolioLine> = {
  name: 'loan-portfolio',
  sheet: { vi: 'Dư nợ', en: 'Portfolio' },
  columns: [
    column('Mã xã', 'Commune', 10, ({ placeCode }) => placeCode),
    column('Chương trình', 'Product', 18, ({ productCode }) => productCode),
    column('Nhóm nợ', 'Group of debt', 10, ({ debtGroup }) => debtGroup),
    column('Nguồn vốn', 'Capital', 12, ({ capitalSource }) => capitalSource),
    column('Số khoản vay', 'Loans', 12, ({ loans }) => loans),
    column('Dư nợ gốc', 'Principal', 20, ({ principal }) => principal),
    column('Gốc quá hạn', 'Overdue principal', 20, ({ overduePrincipal }) => overduePrincipal),
    column('Lãi phải thu', 'Interest', 18, ({ interest }) => interest),
    column('Lãi quá hạn', 'Overdue interest', 18, ({ overdueInterest }) => overdueInterest),
  ],
};
