import type { Text } from '@ansinh/language';

/** What a sentence needs to know; which of them are given depends on the code. */
export interface CellFacts {
  /** The cell, shortened and with long numbers masked. */
  value?: string;
  limit?: number;
  values?: string;
  /** Another row of the list. */
  row?: number;
}

interface CellFindingDefinition {
  sentence: (facts: CellFacts, column: Text) => Text;
}

/** What is wrong with a row whatever its list is of. Such a row cannot be taken. */
export const cellFindings = {
  UNREADABLE_ROW: {
    sentence: (_, { vi, en }) => ({
      vi: `Không đọc được dòng này${vi && ` (ô “${vi}”)`}: hãy kiểm tra dấu phân cách, dấu ngoặc kép, công thức.`,
      en: `The row cannot be read${en && ` (cell “${en}”)`}: look at separators, quotes and formulas.`,
    }),
  },
  MISSING_CELL: {
    sentence: (_, { vi, en }) => ({ vi: `Ô “${vi}” để trống.`, en: `The cell “${en}” is empty.` }),
  },
  WRONG_CELL: {
    sentence: ({ value = '' }, { vi, en }) => ({
      vi: `“${value}” không phải là giá trị đúng của “${vi}”.`,
      en: `“${value}” is no value of “${en}”.`,
    }),
  },
  WRONG_CHOICE: {
    sentence: ({ value = '', values = '' }, { vi, en }) => ({
      vi: `“${value}” không thuộc danh mục của “${vi}”: ${values}.`,
      en: `“${value}” is none of the values of “${en}”: ${values}.`,
    }),
  },
  TEXT_TOO_LONG: {
    sentence: ({ limit = 0 }, { vi, en }) => ({
      vi: `Ô “${vi}” dài hơn ${limit} ký tự hoặc có ký tự điều khiển.`,
      en: `The cell “${en}” is longer than ${limit} characters, or holds control characters.`,
    }),
  },
  REPEATED: {
    sentence: ({ row = 0 }) => ({ vi: `Trùng với dòng ${row}.`, en: `The same as row ${row}.` }),
  },
} satisfies Record<string, CellFindingDefinition>;

export type CellFindingCode = keyof typeof cellFindings;
