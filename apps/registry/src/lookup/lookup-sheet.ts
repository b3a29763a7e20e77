import { PassThrough } from 'node:stream';
import type { Language, Text } from '@ansinh/language';
import { writeTable } from '@ansinh/payment-list';
import type { LookupAnswer } from './lookup.dto.js';

const outcomes: Record<LookupAnswer['outcome'], Text> = {
  found: { vi: 'Có trong sổ', en: 'Found' },
  notFound: { vi: 'Không tìm thấy', en: 'Not found' },
  malformed: { vi: 'Số không đúng dạng', en: 'Malformed number' },
};

const nameFits: Record<NonNullable<LookupAnswer['nameFit']>, Text> = {
  exact: { vi: 'Khớp', en: 'Exact' },
  marks: { vi: 'Chỉ khác dấu', en: 'But for marks' },
  different: { vi: 'Khác', en: 'Different' },
};

const birthFits: Record<NonNullable<LookupAnswer['birthFit']>, Text> = {
  same: { vi: 'Khớp', en: 'Same' },
  different: { vi: 'Khác', en: 'Different' },
  unreadable: { vi: 'Không đọc được', en: 'Unreadable' },
};

const sexes: Record<NonNullable<LookupAnswer['sex']>, Text> = {
  male: { vi: 'Nam', en: 'Male' },
  female: { vi: 'Nữ', en: 'Female' },
};

interface Column {
  title: Text;
  width: number;
  text: (answer: LookupAnswer, language: Language) => string;
}

const columns: Column[] = [
  { title: { vi: 'Dòng', en: 'Row' }, width: 8, text: ({ row }) => String(row) },
  { title: { vi: 'Số định danh', en: 'Citizen number' }, width: 16, text: ({ number }) => number },
  {
    title: { vi: 'Kết quả', en: 'Outcome' },
    width: 20,
    text: ({ outcome }, language) => outcomes[outcome][language],
  },
  { title: { vi: 'Họ và tên', en: 'Full name' }, width: 28, text: ({ name }) => name ?? '' },
  {
    title: { vi: 'So tên', en: 'Name' },
    width: 14,
    text: ({ nameFit }, language) => (nameFit ? nameFits[nameFit][language] : ''),
  },
  {
    title: { vi: 'Ngày sinh', en: 'Born' },
    width: 12,
    text: ({ bornOn, birthYear }) => bornOn ?? String(birthYear ?? ''),
  },
  {
    title: { vi: 'So ngày sinh', en: 'Birth' },
    width: 14,
    text: ({ birthFit }, language) => (birthFit ? birthFits[birthFit][language] : ''),
  },
  {
    title: { vi: 'Giới tính', en: 'Sex' },
    width: 10,
    text: ({ sex }, language) => (sex ? sexes[sex][language] : ''),
  },
  { title: { vi: 'Mã xã', en: 'Commune' }, width: 10, text: ({ placeCode }) => placeCode ?? '' },
  { title: { vi: 'Ngày mất', en: 'Died on' }, width: 12, text: ({ diedOn }) => diedOn ?? '' },
  {
    title: { vi: 'Hộ nghèo', en: 'Poverty class' },
    width: 12,
    text: ({ povertyClass }) => povertyClass ?? '',
  },
  {
    title: { vi: 'Thông tin quyết định chi trả', en: 'Facts that decide money' },
    width: 50,
    text: ({ facts }) =>
      Object.entries(facts)
        .map(([kind, value]) => `${kind}: ${value}`)
        .join('; '),
  },
];

/** The answers as a CSV that a spreadsheet opens. What fails after the first row cuts the answer off. */
export function lookupSheet(answers: AsyncIterable<LookupAnswer>, language: Language): PassThrough {
  const content = new PassThrough();
  writeTable(textsOf(answers, language), content, {
    format: 'csv',
    sheetName: '',
    columns: columns.map(({ title, width }) => ({ title: title[language], width })),
  }).catch((error: unknown) => content.destroy(error as Error));
  return content;
}

async function* textsOf(answers: AsyncIterable<LookupAnswer>, language: Language): AsyncGenerator<string[]> {
  for await (const answer of answers) yield columns.map(({ text }) => text(answer, language));
}
