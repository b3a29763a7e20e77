import { findPlace } from '@ansinh/places';
import type { ExportColumn } from '../export/list-export.service.js';
import type { PersonSummary } from '../person/person.dto.js';
import type { DuplicatePair } from './duplicate.dto.js';
import type { PairState } from './pair.states.js';

const stateTexts: Record<PairState, { vi: string; en: string }> = {
  open: { vi: 'Chưa xem xét', en: 'Open' },
  same: { vi: 'Cùng một người', en: 'One person' },
  different: { vi: 'Hai người khác nhau', en: 'Two people' },
};

/** The same columns for each of the two, with their number behind the title. */
const columnsOf = (number: 1 | 2, side: (pair: DuplicatePair) => PersonSummary) => {
  const column = (vi: string, en: string, width: number, text: (person: PersonSummary) => string) => ({
    title: { vi: `${vi} ${number}`, en: `${en} ${number}` },
    width,
    text: (pair: DuplicatePair) => text(side(pair)),
  });
  return [
    column('Họ và tên', 'Name', 28, ({ name }) => name),
    column('Số định danh', 'Citizen number', 18, ({ citizenNumber }) => citizenNumber ?? ''),
    column('Ngày sinh', 'Born', 12, ({ bornOn, birthYear }) => bornOn ?? String(birthYear)),
    column('Địa bàn', 'Place', 24, ({ placeCode }) => findPlace(placeCode)?.name ?? placeCode),
  ];
};

export const pairColumnsOfList: ExportColumn<DuplicatePair>[] = [
  { title: { vi: 'Điểm', en: 'Score' }, width: 8, text: ({ score }) => String(score) },
  ...columnsOf(1, ({ one }) => one),
  ...columnsOf(2, ({ other }) => other),
  {
    title: { vi: 'Lý do', en: 'Reasons' },
    width: 60,
    text: ({ reasons }, language) => reasons.map(({ message }) => message[language]).join('; '),
  },
  {
    title: { vi: 'Kết luận', en: 'Verdict' },
    width: 20,
    text: ({ state }, language) => stateTexts[state][language],
  },
];
