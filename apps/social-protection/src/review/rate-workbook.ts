import { PassThrough } from 'node:stream';
import { Logger, type StreamableFile } from '@nestjs/common';
import type { Language } from '@ansinh/language';
import { writeTable } from '@ansinh/payment-list';
import { download } from '@ansinh/service';
import { listTypes } from '@ansinh/uploads';
import type { PovertyRate } from './rate.dto.js';

const logger = new Logger('poverty-rates');

const levels = {
  commune: { vi: 'Xã, phường', en: 'Commune' },
  district: { vi: 'Huyện', en: 'District' },
  all: { vi: 'Tổng số', en: 'All' },
};

const columns: {
  title: Record<Language, string>;
  width: number;
  text: (rate: PovertyRate, language: Language) => string;
}[] = [
  { title: { vi: 'Cấp', en: 'Level' }, width: 14, text: ({ level }, language) => levels[level][language] },
  { title: { vi: 'Mã địa bàn', en: 'Place code' }, width: 12, text: ({ placeCode }) => placeCode ?? '' },
  { title: { vi: 'Địa bàn', en: 'Place' }, width: 28, text: ({ placeName }) => placeName ?? '' },
  { title: { vi: 'Tổng số hộ', en: 'Households' }, width: 14, text: ({ households }) => String(households) },
  { title: { vi: 'Hộ nghèo', en: 'Poor' }, width: 12, text: ({ poor }) => String(poor) },
  { title: { vi: 'Tỷ lệ hộ nghèo (%)', en: 'Poor (%)' }, width: 18, text: ({ poorPercent }) => poorPercent },
  {
    title: { vi: 'Nhân khẩu hộ nghèo', en: 'People in them' },
    width: 20,
    text: ({ poorPeople }) => String(poorPeople),
  },
  { title: { vi: 'Hộ cận nghèo', en: 'Near poor' }, width: 14, text: ({ nearPoor }) => String(nearPoor) },
  {
    title: { vi: 'Tỷ lệ hộ cận nghèo (%)', en: 'Near poor (%)' },
    width: 20,
    text: ({ nearPoorPercent }) => nearPoorPercent,
  },
];

/** The rates of a year as a sheet. */
export function rateWorkbook(
  year: number,
  rates: readonly PovertyRate[],
  language: Language,
): StreamableFile {
  const content = new PassThrough();
  const rows = (async function* () {
    for (const rate of rates) yield columns.map(({ text }) => text(rate, language));
  })();
  writeTable(rows, content, {
    format: 'xlsx',
    sheetName: { vi: `Tỷ lệ hộ nghèo ${year}`, en: `Poverty rates ${year}` }[language],
    columns: columns.map(({ title, width }) => ({ title: title[language], width })),
  }).catch((error: unknown) => {
    logger.error(error, 'the workbook of rates broke off');
    content.destroy(error as Error);
  });
  return download({ type: listTypes.xlsx, fileName: `poverty-rates-${year}.xlsx` }, content);
}
