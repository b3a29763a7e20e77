import type { NumberContradiction } from '@ansinh/identity';
import type { Language, Text } from '@ansinh/language';
import { type CellFacts, type CellFindingCode, cellFindings } from '@ansinh/payment-list';
import { type ImportKind, importColumns } from './import-columns.js';

export interface FindingFacts extends CellFacts {
  messages?: Text[];
}

interface FindingDefinition {
  /** A row with something blocking is left out; a warning enters with it. */
  isBlocking: boolean;
  sentence: (facts: FindingFacts, column: Text) => Text;
}

/** What is wrong with a cell of any list, here always blocking. */
const blockingCells = Object.fromEntries(
  Object.entries(cellFindings).map(([code, { sentence }]) => [code, { isBlocking: true, sentence }]),
) as Record<CellFindingCode, FindingDefinition>;

export const importFindings = {
  ...blockingCells,
  DAYS_IN_WRONG_ORDER: {
    isBlocking: true,
    sentence: (_, { vi, en }) => ({
      vi: `“${vi}” phải sau ngày bắt đầu.`,
      en: `“${en}” must be after the day of the beginning.`,
    }),
  },
  DAY_TO_COME: {
    isBlocking: true,
    sentence: (_, { vi, en }) => ({ vi: `“${vi}” là ngày chưa đến.`, en: `“${en}” is still to come.` }),
  },
  WRONG_TAX_CODE: {
    isBlocking: true,
    sentence: ({ value = '' }) => ({
      vi: `Mã số thuế “${value}” sai số chữ số hoặc sai chữ số kiểm tra.`,
      en: `The tax code “${value}” has a wrong length or check digit.`,
    }),
  },
  UNKNOWN_COMMUNE: {
    isBlocking: true,
    sentence: ({ value = '' }) => ({
      vi: `Không có xã, phường với mã “${value}” vào ngày đó.`,
      en: `There is no commune with the code “${value}” on that day.`,
    }),
  },
  COMMUNE_OF_ANOTHER_OFFICE: {
    isBlocking: true,
    sentence: ({ value = '' }) => ({
      vi: `Xã, phường “${value}” không thuộc địa bàn của đơn vị.`,
      en: `The commune “${value}” does not lie in the area of the office.`,
    }),
  },
  NUMBER_CONTRADICTS: {
    isBlocking: false,
    sentence: ({ messages = [] }) => ({
      vi: messages.map(({ vi }) => vi).join(' '),
      en: messages.map(({ en }) => en).join(' '),
    }),
  },
  EXISTS_ALREADY: {
    isBlocking: true,
    sentence: () => ({
      vi: 'Đã có trong sổ, có thể ở đơn vị khác.',
      en: 'It is in the registry already, perhaps at another office.',
    }),
  },
  PERSON_UNKNOWN: {
    isBlocking: true,
    sentence: () => ({
      vi: 'Không tìm thấy người này trong sổ của đơn vị.',
      en: 'The person is not found in the registry of the office.',
    }),
  },
  EMPLOYER_UNKNOWN: {
    isBlocking: true,
    sentence: () => ({
      vi: 'Không tìm thấy đơn vị sử dụng lao động, hoặc đơn vị đã đóng.',
      en: 'The employer is not found, or has closed.',
    }),
  },
  MEMBER_ELSEWHERE: {
    isBlocking: true,
    sentence: () => ({
      vi: 'Người này đang thuộc một hộ trong sổ.',
      en: 'The person belongs to a household of the registry at present.',
    }),
  },
  HOUSEHOLD_WITHOUT_HEAD: {
    isBlocking: true,
    sentence: () => ({
      vi: 'Hộ này không có đúng một chủ hộ nhập được; hãy sửa dòng của chủ hộ.',
      en: 'The household has not exactly one head that can be entered; correct the row of the head.',
    }),
  },
} satisfies Record<string, FindingDefinition>;

export type ImportFindingCode = keyof typeof importFindings;

export interface RowFinding {
  code: ImportFindingCode;
  column: string | null;
  facts: FindingFacts;
}

export const contradictionFacts = (contradictions: NumberContradiction[]): FindingFacts => ({
  messages: contradictions.map(({ message }) => message),
});

/** What was found in a row, as its office reads it. */
export function findingSentence(
  kind: ImportKind,
  { code, column, facts }: RowFinding,
  language: Language,
): string {
  const title = importColumns[kind].find(({ name }) => name === column)?.title ?? { vi: '', en: '' };
  return importFindings[code].sentence(facts, title)[language];
}
