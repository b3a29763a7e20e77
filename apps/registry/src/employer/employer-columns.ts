import type { ExportColumn } from '../export/list-export.service.js';
import type { EmployerView, WorkerRow } from './employer.dto.js';
import type { employerKinds } from './employer-kinds.js';

const kindTexts: Record<(typeof employerKinds)[number], { vi: string; en: string }> = {
  enterprise: { vi: 'Doanh nghiệp', en: 'Enterprise' },
  cooperative: { vi: 'Hợp tác xã', en: 'Cooperative' },
  businessHousehold: { vi: 'Hộ kinh doanh', en: 'Household in business' },
  publicUnit: { vi: 'Đơn vị sự nghiệp công lập', en: 'Public unit' },
  association: { vi: 'Hội, tổ chức', en: 'Association' },
};

export const employerColumnsOfList: ExportColumn<EmployerView>[] = [
  { title: { vi: 'Mã số thuế', en: 'Tax code' }, width: 16, text: ({ taxCode }) => taxCode },
  { title: { vi: 'Tên', en: 'Name' }, width: 50, text: ({ name }) => name },
  {
    title: { vi: 'Loại hình', en: 'Kind' },
    width: 24,
    text: ({ kind }, language) => kindTexts[kind as keyof typeof kindTexts][language],
  },
  { title: { vi: 'Khu công nghiệp', en: 'Park' }, width: 24, text: ({ park }) => park ?? '' },
  { title: { vi: 'Mã địa bàn', en: 'Place code' }, width: 12, text: ({ placeCode }) => placeCode },
  { title: { vi: 'Ngừng hoạt động', en: 'Closed' }, width: 16, text: ({ closedOn }) => closedOn ?? '' },
];

export const workerColumnsOfList: ExportColumn<WorkerRow>[] = [
  { title: { vi: 'Họ và tên', en: 'Name' }, width: 28, text: ({ person }) => person?.name ?? '' },
  {
    title: { vi: 'Số định danh', en: 'Citizen number' },
    width: 18,
    text: ({ person }) => person?.citizenNumber ?? '',
  },
  { title: { vi: 'Hợp đồng từ', en: 'Contract from' }, width: 14, text: ({ contractFrom }) => contractFrom },
  {
    title: { vi: 'Hợp đồng đến', en: 'Contract until' },
    width: 14,
    text: ({ contractUntil }) => contractUntil ?? '',
  },
  {
    title: { vi: 'BHXH từ', en: 'Insured from' },
    width: 14,
    text: ({ insuredFrom }) => insuredFrom ?? '',
  },
  {
    title: { vi: 'BHXH đến', en: 'Insured until' },
    width: 14,
    text: ({ insuredUntil }) => insuredUntil ?? '',
  },
];
