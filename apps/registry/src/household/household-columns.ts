import { findPlace } from '@ansinh/places';
import type { ExportColumn } from '../export/list-export.service.js';
import type { HouseholdSummary, PovertyClass } from './household.dto.js';

const classTexts: Record<PovertyClass, { vi: string; en: string }> = {
  poor: { vi: 'Hộ nghèo', en: 'Poor' },
  nearPoor: { vi: 'Hộ cận nghèo', en: 'Near poor' },
  neither: { vi: 'Không thuộc hộ nghèo, cận nghèo', en: 'Neither' },
};

export const householdColumnsOfList: ExportColumn<HouseholdSummary>[] = [
  { title: { vi: 'Chủ hộ', en: 'Head' }, width: 28, text: ({ headName }) => headName ?? '' },
  { title: { vi: 'Số người', en: 'Members' }, width: 10, text: ({ members }) => String(members) },
  {
    title: { vi: 'Phân loại', en: 'Class' },
    width: 30,
    text: ({ class: held }, language) => (held === null ? '' : classTexts[held][language]),
  },
  {
    title: { vi: 'Năm phân loại', en: 'Year of the class' },
    width: 14,
    text: ({ classYear }) => String(classYear ?? ''),
  },
  { title: { vi: 'Mã địa bàn', en: 'Place code' }, width: 12, text: ({ placeCode }) => placeCode },
  {
    title: { vi: 'Địa bàn', en: 'Place' },
    width: 28,
    text: ({ placeCode }) => findPlace(placeCode)?.name ?? '',
  },
];
