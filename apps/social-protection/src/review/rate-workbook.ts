import type { StreamableFile } from '@nestjs/common';
import type { Language } from '@ansinh/language';
import { column, workbook } from '@ansinh/uploads';
import type { PovertyRate } from './rate.dto.js';

const levels = {
  commune: { vi: 'Xã, phường', en: 'Commune' },
  district: { vi: 'Huyện', en: 'District' },
  all: { vi: 'Tổng số', en: 'All' },
};

const columns = [
  column<PovertyRate>('Cấp', 'Level', 14, ({ level }, language) => levels[level][language]),
  column<PovertyRate>('Mã địa bàn', 'Place code', 12, ({ placeCode }) => placeCode),
  column<PovertyRate>('Địa bàn', 'Place', 28, ({ placeName }) => placeName),
  column<PovertyRate>('Tổng số hộ', 'Households', 14, ({ households }) => households),
  column<PovertyRate>('Hộ nghèo', 'Poor', 12, ({ poor }) => poor),
  column<PovertyRate>('Tỷ lệ hộ nghèo (%)', 'Poor (%)', 18, ({ poorPercent }) => poorPercent),
  column<PovertyRate>('Nhân khẩu hộ nghèo', 'People in them', 20, ({ poorPeople }) => poorPeople),
  column<PovertyRate>('Hộ cận nghèo', 'Near poor', 14, ({ nearPoor }) => nearPoor),
  column<PovertyRate>(
    'Tỷ lệ hộ cận nghèo (%)',
    'Near poor (%)',
    20,
    ({ nearPoorPercent }) => nearPoorPercent,
  ),
];

/** The rates of a year as a sheet. */
export function rateWorkbook(
  year: number,
  rates: readonly PovertyRate[],
  language: Language,
): StreamableFile {
  const sheet = { vi: `Tỷ lệ hộ nghèo ${year}`, en: `Poverty rates ${year}` };
  return workbook({ name: `poverty-rates-${year}`, sheet, columns }, [rates], language);
}
