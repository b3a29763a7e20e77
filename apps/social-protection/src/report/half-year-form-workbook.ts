import type { StreamableFile } from '@nestjs/common';
import exceljs from 'exceljs';
import type { Language, Text } from '@ansinh/language';
import { download } from '@ansinh/service';
import { listTypes } from '@ansinh/uploads';
import type { HalfYearForm, HalfYearForms, HalfYearNumbers } from './half-year-form.dto.js';

const texts = {
  decree: { vi: 'Ban hành kèm theo Nghị định 20/2021/NĐ-CP', en: 'Issued with Decree 20/2021/NĐ-CP' },
  form: { vi: 'Mẫu số', en: 'Form' },
  committee: { vi: 'ỦY BAN NHÂN DÂN', en: 'PEOPLE’S COMMITTEE' },
  to: { vi: 'Kính gửi:', en: 'To:' },
  due: { vi: 'Gửi trước ngày', en: 'To be sent before' },
  late: { vi: '(đã quá hạn)', en: '(late)' },
  sum: { vi: 'Tổng cộng', en: 'Total' },
  units: { vi: 'Theo địa bàn', en: 'By unit' },
  notOfThen: {
    vi: '(chưa xác định được xã của kỳ báo cáo)',
    en: '(commune of the half-year not known)',
  },
  day: { vi: '........, ngày ..... tháng ..... năm .........', en: '........, on .....' },
  maker: { vi: 'NGƯỜI LẬP BIỂU', en: 'MADE BY' },
  signer: { vi: 'TM. ỦY BAN NHÂN DÂN', en: 'FOR THE PEOPLE’S COMMITTEE' },
  makes: { vi: '(Ký, ghi rõ họ tên)', en: '(signature, full name)' },
  signs: { vi: '(Ký, đóng dấu)', en: '(signature, seal)' },
} satisfies Record<string, Text>;

const columns: { title: Text; width: number }[] = [
  { title: { vi: 'STT', en: 'No.' }, width: 7 },
  { title: { vi: 'Chỉ tiêu', en: 'Item' }, width: 58 },
  { title: { vi: 'Căn cứ', en: 'Legal basis' }, width: 34 },
  { title: { vi: 'Kỳ trước chuyển sang (người)', en: 'Before (people)' }, width: 16 },
  { title: { vi: 'Cuối kỳ (người)', en: 'People' }, width: 16 },
  { title: { vi: 'Hỗ trợ một lần (lượt)', en: 'Paid once (times)' }, width: 16 },
  { title: { vi: 'Kinh phí được duyệt (đồng)', en: 'Owed (đồng)' }, width: 22 },
  { title: { vi: 'Trừ thu hồi (đồng)', en: 'Deducted (đồng)' }, width: 20 },
  { title: { vi: 'Đã chi trả (đồng)', en: 'Paid (đồng)' }, width: 22 },
];
const last = columns.length;
const firstNumber = 4;

/** A sheet a form, and one with what each unit below has part in them. Every cell is text: no amount is rounded, none is a formula. */
export async function formWorkbook(report: HalfYearForms, language: Language): Promise<StreamableFile> {
  const workbook = new exceljs.Workbook();
  for (const form of report.forms) addForm(workbook, report, form, language);
  if (report.units.length > 0) addUnits(workbook, report, language);
  const { placeCode, year, half } = report;
  const fileName = `half-year-forms-${placeCode}-${year}-${half}.xlsx`;
  return download({ type: listTypes.xlsx, fileName }, new Uint8Array(await workbook.xlsx.writeBuffer()));
}

function addForm(
  workbook: exceljs.Workbook,
  report: HalfYearForms,
  form: HalfYearForm,
  language: Language,
): void {
  const sheet = sheetOf(workbook, form.code, columns, language);
  addHead(sheet, report, { code: form.code, title: form.title }, language);
  addHeader(sheet, columns, language);
  for (const { code, name, lines, sum } of form.sections) {
    addRow(sheet, [code, name[language], '', ...cellsOf(sum)], true);
    for (const line of lines)
      addRow(sheet, [line.code, line.name[language], line.legalBasis, ...cellsOf(line.numbers)], false);
  }
  addRow(sheet, ['', texts.sum[language], '', ...cellsOf(form.sum)], true);
  addSignatures(sheet, language);
}

/** Of each form how many people and how much was paid; the sums are those of the forms. */
function addUnits(workbook: exceljs.Workbook, { units, forms }: HalfYearForms, language: Language): void {
  const titled = forms.flatMap(({ code }) => [
    { title: { vi: `${code}: người`, en: `${code}: people` }, width: 14 },
    { title: { vi: `${code}: lượt`, en: `${code}: times` }, width: 14 },
    { title: { vi: `${code}: được duyệt (đồng)`, en: `${code}: owed (đồng)` }, width: 20 },
    { title: { vi: `${code}: đã chi trả (đồng)`, en: `${code}: paid (đồng)` }, width: 20 },
  ]);
  const head = [
    { title: { vi: 'Mã', en: 'Code' }, width: 8 },
    { title: { vi: 'Địa bàn', en: 'Unit' }, width: 40 },
  ];
  const sheet = sheetOf(workbook, texts.units[language], [...head, ...titled], language);
  addHeader(sheet, [...head, ...titled], language);
  const some = ({ people, times, owed, paid }: HalfYearNumbers) => [
    String(people),
    String(times),
    owed,
    paid,
  ];
  for (const { placeCode, placeName, isOfThen, sums } of units) {
    const name = isOfThen ? placeName : `${placeName} ${texts.notOfThen[language]}`;
    addRow(sheet, [placeCode, name, ...sums.flatMap(some)], false, 3);
  }
  addRow(sheet, ['', texts.sum[language], ...forms.flatMap(({ sum }) => some(sum))], true, 3);
}

function sheetOf(
  workbook: exceljs.Workbook,
  name: string,
  of: readonly { width: number }[],
  language: Language,
): exceljs.Worksheet {
  const page = {
    orientation: 'landscape',
    paperSize: 9,
    fitToPage: true,
    fitToWidth: 1,
    fitToHeight: 0,
  } as const;
  const sheet = workbook.addWorksheet(language === 'vi' && /^\d/.test(name) ? `Mẫu ${name}` : name, {
    pageSetup: page,
  });
  sheet.columns = of.map(({ width }) => ({ width }));
  return sheet;
}

function addHead(
  sheet: exceljs.Worksheet,
  report: HalfYearForms,
  { code, title }: { code: string; title: Text },
  language: Language,
): void {
  const half = {
    vi: `6 tháng ${report.half === 1 ? 'đầu' : 'cuối'} năm ${report.year}`,
    en: `Half ${report.half} of ${report.year}`,
  };
  const days = { vi: `từ ${report.from} đến ${report.through}`, en: `${report.from} to ${report.through}` };
  addPair(sheet, `${texts.committee[language]} ${report.placeName}`, `${texts.form[language]} ${code}`);
  addPair(sheet, '', texts.decree[language]);
  addAcross(sheet, title[language].toLocaleUpperCase(language), { bold: true, size: 14 });
  addAcross(sheet, `${half[language]} (${days[language]})`, { italic: true });
  addAcross(sheet, `${texts.to[language]} ${report.reportsTo[language]}`, {});
  const late = report.isLate ? ` ${texts.late[language]}` : '';
  if (report.dueBefore) addAcross(sheet, `${texts.due[language]} ${report.dueBefore}${late}`, {});
  for (const note of report.notes)
    addAcross(sheet, note[language], { italic: true, color: { argb: 'FFC00000' } });
}

function addPair(sheet: exceljs.Worksheet, left: string, right: string): void {
  const row = sheet.addRow([]);
  row.getCell(1).value = left;
  row.getCell(last - 2).value = right;
  row.font = { bold: true };
  sheet.mergeCells(row.number, 1, row.number, 3);
  sheet.mergeCells(row.number, last - 2, row.number, last);
  row.getCell(last - 2).alignment = { horizontal: 'right' };
}

function addAcross(sheet: exceljs.Worksheet, text: string, font: Partial<exceljs.Font>): void {
  const row = sheet.addRow([text]);
  sheet.mergeCells(row.number, 1, row.number, last);
  row.getCell(1).font = font;
  row.getCell(1).alignment = { horizontal: 'center', vertical: 'middle', wrapText: true };
}

function addHeader(sheet: exceljs.Worksheet, of: readonly { title: Text }[], language: Language): void {
  const row = addRow(
    sheet,
    of.map(({ title }) => title[language]),
    true,
  );
  row.eachCell((cell) => {
    cell.alignment = { horizontal: 'center', vertical: 'middle', wrapText: true };
  });
}

function addRow(
  sheet: exceljs.Worksheet,
  cells: readonly string[],
  bold: boolean,
  numbersFrom = firstNumber,
): exceljs.Row {
  const row = sheet.addRow([...cells]);
  const line = { style: 'thin' } as const;
  row.font = { bold };
  for (const [index] of cells.entries()) {
    const cell = row.getCell(index + 1);
    cell.numFmt = '@';
    cell.border = { top: line, left: line, bottom: line, right: line };
    cell.alignment =
      index + 1 < numbersFrom
        ? { wrapText: true, vertical: 'top' }
        : { horizontal: 'right', vertical: 'top' };
  }
  return row;
}

/** Nothing where nothing is kept: an empty cell is filled in, a nought would say that there was nothing. */
function cellsOf(numbers: HalfYearNumbers | null): string[] {
  if (!numbers) return ['', '', '', '', '', ''];
  const { before, people, times, owed, deducted, paid } = numbers;
  return [String(before), String(people), String(times), owed, deducted, paid];
}

function addSignatures(sheet: exceljs.Worksheet, language: Language): void {
  sheet.addRow([]);
  for (const [left, right] of [
    ['', texts.day[language]],
    [texts.maker[language], texts.signer[language]],
    [texts.makes[language], texts.signs[language]],
  ] as const) {
    const row = sheet.addRow([]);
    row.getCell(2).value = left;
    row.getCell(last - 2).value = right;
    sheet.mergeCells(row.number, last - 2, row.number, last);
    for (const cell of [row.getCell(2), row.getCell(last - 2)]) cell.alignment = { horizontal: 'center' };
  }
}
