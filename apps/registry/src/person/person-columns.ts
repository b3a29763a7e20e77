import { findPlace } from '@ansinh/places';
import type { ExportColumn } from '../export/list-export.service.js';
import type { FoundPerson, Sex } from './person.dto.js';

const sexTexts: Record<Sex, { vi: string; en: string }> = {
  male: { vi: 'Nam', en: 'Male' },
  female: { vi: 'Nữ', en: 'Female' },
};

export const personColumnsOfList: ExportColumn<FoundPerson>[] = [
  { title: { vi: 'Họ và tên', en: 'Name' }, width: 28, text: ({ name }) => name },
  {
    title: { vi: 'Tên ở hồ sơ đã gộp', en: 'Name of a merged record' },
    width: 28,
    text: ({ foundByName }) => foundByName ?? '',
  },
  {
    title: { vi: 'Số định danh', en: 'Citizen number' },
    width: 18,
    text: ({ citizenNumber }) => citizenNumber ?? '',
  },
  {
    title: { vi: 'Ngày sinh', en: 'Born' },
    width: 12,
    text: ({ bornOn, birthYear }) => bornOn ?? String(birthYear),
  },
  { title: { vi: 'Giới tính', en: 'Sex' }, width: 10, text: ({ sex }, language) => sexTexts[sex][language] },
  { title: { vi: 'Mã địa bàn', en: 'Place code' }, width: 12, text: ({ placeCode }) => placeCode },
  {
    title: { vi: 'Địa bàn', en: 'Place' },
    width: 28,
    text: ({ placeCode }) => findPlace(placeCode)?.name ?? '',
  },
  { title: { vi: 'Ngày mất', en: 'Died' }, width: 12, text: ({ diedOn }) => diedOn ?? '' },
];
