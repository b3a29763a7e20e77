import type { Text } from '@ansinh/language';

/** What a refusal is about; which of them are given depends on the code. */
export interface ListErrorFacts {
  /** Line of the file, from 1. */
  line?: number;
  limit?: number;
  column?: string;
  columns?: readonly string[];
  /** Headers as the list gives them. */
  given?: string;
}

const sentences = {
  EMPTY_LIST: () => ({
    vi: 'Danh sách không có dòng nào. Hãy kiểm tra lại tệp đã chọn.',
    en: 'The list has no rows. Check that the right file was chosen.',
  }),
  MISSING_COLUMN: ({ columns = [] }) => ({
    vi: `Dòng tiêu đề thiếu cột: ${columns.join(', ')}. Dòng đầu tiên của danh sách phải là tên các cột; hãy thêm cột còn thiếu rồi gửi lại.`,
    en: `The header lacks these columns: ${columns.join(', ')}. The first row of the list must name the columns; add what is missing and send it again.`,
  }),
  DUPLICATE_COLUMN: ({ column = '', given = '' }) => ({
    vi: `Hai tiêu đề cùng chỉ một cột ${column}: ${given}. Hãy bỏ hoặc đổi tên một trong hai.`,
    en: `Two headers name the same column ${column}: ${given}. Remove or rename one of them.`,
  }),
  WRONG_ENCODING: () => ({
    vi: 'Tệp không phải UTF-8 nên tên người sẽ bị sai. Trong Excel chọn “Lưu thành” (Save As), kiểu “CSV UTF-8 (Comma delimited)”, hoặc gửi tệp .xlsx.',
    en: 'The file is not UTF-8, so names would be wrong. In Excel choose “Save As”, type “CSV UTF-8 (Comma delimited)”, or send the .xlsx file.',
  }),
  LINE_TOO_LONG: ({ line = 0, limit = 0 }) => ({
    vi: `Dòng ${line} dài hơn ${limit} ký tự. Tệp có thể không phải là danh sách, hoặc thiếu dấu xuống dòng.`,
    en: `Line ${line} is longer than ${limit} characters. The file may not be a list, or its line ends are missing.`,
  }),
  WORKBOOK_AS_TEXT: () => ({
    vi: 'Đây là tệp Excel nhưng được gửi như CSV. Hãy gửi lại với đúng loại .xlsx.',
    en: 'This is an Excel workbook sent as text. Send it again as .xlsx.',
  }),
  NOT_A_WORKBOOK: () => ({
    vi: 'Tệp không phải là .xlsx. Tệp .xls kiểu cũ hoặc tệp có mật khẩu không đọc được: trong Excel hãy bỏ mật khẩu và lưu thành “Excel Workbook (*.xlsx)”.',
    en: 'The file is not an .xlsx workbook. Old .xls files and files with a password cannot be read: in Excel remove the password and save as “Excel Workbook (*.xlsx)”.',
  }),
  BROKEN_WORKBOOK: () => ({
    vi: 'Tệp .xlsx bị hỏng hoặc thiếu nội dung. Hãy mở bằng Excel, lưu lại rồi gửi lại.',
    en: 'The .xlsx file is damaged or incomplete. Open it in Excel, save it and send it again.',
  }),
  WORKBOOK_WITH_MACROS: () => ({
    vi: 'Tệp Excel có macro. Trong Excel chọn “Lưu thành” (Save As), kiểu “Excel Workbook (*.xlsx)” không macro, rồi gửi lại.',
    en: 'The Excel file has macros. In Excel choose “Save As”, type “Excel Workbook (*.xlsx)” without macros, and send it again.',
  }),
  WORKBOOK_TOO_LARGE: () => ({
    vi: 'Tệp .xlsx chứa quá nhiều chữ để đọc. Hãy chia danh sách thành nhiều tệp, hoặc lưu thành “CSV UTF-8”.',
    en: 'The .xlsx file holds too much text to be read. Split the list, or save it as “CSV UTF-8”.',
  }),
} satisfies Record<string, (facts: ListErrorFacts) => Text>;

export type ListErrorCode = keyof typeof sentences;

/** The whole list cannot be read; nothing of it may be imported, whatever rows came before. */
export class ListError extends Error {
  readonly text: Text;

  constructor(
    readonly code: ListErrorCode,
    readonly facts: ListErrorFacts = {},
    options?: ErrorOptions,
  ) {
    const text = sentences[code](facts);
    super(`${code}: ${text.en}`, options);
    this.name = 'ListError';
    this.text = text;
  }
}
