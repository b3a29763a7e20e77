import { todayInVietnam, vietnamTime } from '@ansinh/calendar';
import type { Paper } from './paper.js';

/** Where a paper has its text, in points. */
interface Sheet {
  width: number;
  height: number;
  top: number;
  left: number;
  right: number;
}

/** A4 with the margins of state papers (30 mm on the left), upright and across. */
export const upright: Sheet = { width: 595.28, height: 841.89, top: 56, left: 85, right: 42 };
export const across: Sheet = { width: 841.89, height: 595.28, top: 56, left: 42, right: 42 };

export const textWidth = ({ width, left, right }: Sheet) => width - left - right;
export const day = (iso: string) => iso.split('-').reverse().join('/');
export const dayOf = (at: Date) => day(todayInVietnam(at));
/** By the clocks of Viet Nam, whatever those of the machine say. */
export const timeOf = (at: Date) =>
  `${vietnamTime(at).slice(11, 16).replace(':', ' giờ ')} phút, ngày ${dayOf(at)}`;

interface Letterhead {
  /** As the circular numbers the form; without one there is none. */
  formNumber?: string;
  office: string;
  desk: string;
  /** Of the dossier, or of what else it is about. */
  number: string;
  /** The day that it bears. */
  on: string;
  title: string[];
}

/** Who writes, the name of the state and its motto, number, day and title. @returns the y below it */
export function writeLetterhead(paper: Paper, sheet: Sheet, head: Letterhead): number {
  const width = textWidth(sheet);
  const half = width / 2;
  const right = sheet.left + half;
  const { top, left } = sheet;
  if (head.formNumber !== undefined)
    paper.put(head.formNumber, right, top - 22, half, { size: 10, align: 'right' });
  paper.put(head.office.toUpperCase(), left, top, half, { size: 11, height: 28 });
  paper.put(head.desk, left, top + 28, half, { font: 'bold', size: 10 });
  paper.put('CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM', right, top, half, { font: 'bold', size: 11, height: 14 });
  paper.put('Độc lập - Tự do - Hạnh phúc', right, top + 16, half, { font: 'bold', size: 12 });
  const ruleY = top + 33;
  paper.document
    .moveTo(right + half / 2 - 70, ruleY)
    .lineTo(right + half / 2 + 70, ruleY)
    .lineWidth(0.7)
    .stroke();
  paper.put(`Số: ${head.number}`, left, top + 50, half, { size: 11 });
  const [year, month, date] = head.on.split('-');
  paper.put(`ngày ${date} tháng ${month} năm ${year}`, right, top + 50, half, { size: 11 });
  head.title.forEach((line, index) =>
    paper.put(line, left, top + 84 + 19 * index, width, { font: 'bold', size: 14 }),
  );
  return top + 100 + 19 * head.title.length;
}
