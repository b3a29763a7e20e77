import { column, type ListSheet } from '@ansinh/uploads';
import { programmeOf } from '../programme/programmes.js';
import type { BeneficiaryView } from './beneficiary.dto.js';

export const beneficiarySheet: ListSheet<BeneficiaryView> = {
  name: 'beneficiaries',
  sheet: { vi: 'Đối tượng hưởng', en: 'Beneficiaries' },
  columns: [
    column('Họ và tên', 'Full name', 28, ({ name }) => name),
    column(
      'Chương trình',
      'Programme',
      44,
      ({ programme }, language) => programmeOf(programme).name[language],
    ),
    column('Mã xã', 'Commune', 10, ({ placeCode }) => placeCode),
    column('Mã hồ sơ', 'Dossier', 22, ({ dossierCode }) => dossierCode),
    column('Diện hưởng', 'Category', 20, ({ category }) => category),
    column('Từ tháng', 'From', 10, ({ firstMonth }) => firstMonth),
    column('Nhận tiền mặt', 'In cash', 14, ({ isPaidInCash }) => (isPaidInCash ? 'x' : '')),
  ],
};
