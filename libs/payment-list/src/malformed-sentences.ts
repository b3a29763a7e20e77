import type { Text } from '@ansinh/language';
import { columnTitles, type ListColumn } from './list-columns.js';
import type { FindingFacts } from './finding-catalogue.js';
import type { MalformedReason } from './raw-row.js';

type Sentence = (facts: FindingFacts, titles: Text) => Text;

const sentences: Record<MalformedReason, Sentence> = {
  columnCount: ({ expected = 0, found = 0 }) => ({
    vi: `Dòng có ${found} ô nhưng tiêu đề có ${expected} cột. Hãy tìm dấu phân cách thừa hoặc thiếu; ô có dấu phân cách phải đặt trong dấu ngoặc kép.`,
    en: `The row has ${found} cells but the header has ${expected} columns. Look for a separator too many or too few; a cell that contains one must be in quotes.`,
  }),
  brokenQuoting: () => ({
    vi: 'Dấu ngoặc kép trong dòng không khép kín. Hãy bỏ dấu ngoặc kép thừa, hoặc lưu lại danh sách bằng Excel.',
    en: 'The quotes in the row do not close. Remove the stray quote, or save the list again with Excel.',
  }),
  invalidJson: () => ({
    vi: 'Dòng không phải là một đối tượng JSON. Mỗi dòng phải là một đối tượng { … } trọn vẹn.',
    en: 'The line is not a JSON object. Each line must be one complete object { … }.',
  }),
  nestedValue: (_, { vi, en }) => ({
    vi: `Giá trị của “${vi}” phải là chuỗi hoặc số.`,
    en: `The value of “${en}” must be a string or a number.`,
  }),
  repeatedColumn: (_, { vi, en }) => ({
    vi: `“${vi}” xuất hiện hai lần trong dòng. Hãy bỏ một.`,
    en: `“${en}” is given twice in the row. Remove one of them.`,
  }),
  formula: (_, { vi, en }) => ({
    vi: `Ô “${vi}” là công thức. Hãy chép rồi dán dạng Giá trị (Paste Values) để danh sách không đổi sau khi ký.`,
    en: `The cell “${en}” is a formula. Copy it and use Paste Values, so that the list cannot change after it is signed.`,
  }),
  errorValue: (_, { vi, en }) => ({
    vi: `Ô “${vi}” chứa lỗi hoặc giá trị đúng/sai của Excel. Hãy nhập lại giá trị.`,
    en: `The cell “${en}” holds an error or a true/false value of Excel. Enter the value again.`,
  }),
  controlCharacter: (_, { vi, en }) => ({
    vi: `Ô “${vi}” có xuống dòng hoặc ký tự điều khiển không nhìn thấy. Hãy gõ lại ô này trên một dòng.`,
    en: `The cell “${en}” has a line break or an invisible control character. Type it again on one line.`,
  }),
  tooLong: ({ limit = 0 }, { vi, en }) => ({
    vi: `Ô “${vi}” dài hơn ${limit} ký tự. Hãy rút gọn.`,
    en: `The cell “${en}” is longer than ${limit} characters. Shorten it.`,
  }),
  invalidPeriod: ({ value = '' }) => ({
    vi: `Kỳ “${value}” không đúng: hãy ghi năm-tháng như 2022-03, hoặc năm như 2022. Trong Excel hãy định dạng cột là Văn bản (Text).`,
    en: `The period “${value}” is not valid: write year and month as 2022-03, or a year as 2022. In Excel format the column as Text.`,
  }),
  invalidOrdinal: ({ value = '' }) => ({
    vi: `Lần “${value}” không đúng: hãy ghi số từ 1 đến 9999, hoặc để trống nếu là lần đầu.`,
    en: `The ordinal “${value}” is not valid: write a number from 1 to 9999, or leave it empty for the first payment.`,
  }),
};

/** What is wrong with a row that cannot be read, and what to do. */
export function malformedSentence(facts: FindingFacts, column: ListColumn | null): Text {
  const titles = column ? columnTitles[column] : { vi: '', en: '' };
  return sentences[facts.reason ?? 'columnCount'](facts, titles);
}
