import { setImmediate as othersTurn } from 'node:timers/promises';
import { across, type Cell, day, dayOf, Paper, textWidth, timeOf, writeLetterhead } from '@ansinh/paper';

export interface RegisterLine {
  code: string;
  procedure: string;
  papers: number;
  applicant: string;
  place: string;
  phone: string | null;
  holder: string;
  presentedAt: Date;
  dueOn: string | null;
  promisedOn: string | null;
  returnedAt: Date | null;
}

interface Register {
  office: string;
  from: string;
  until: string;
  lines: RegisterLine[];
}

interface Column {
  title: string;
  width: number;
  text: (line: RegisterLine, ordinal: number) => string;
}

const { left, top, height } = across;
const width = textWidth(across);
const columns: Column[] = [
  { title: 'TT', width: 28, text: (_, ordinal) => String(ordinal) },
  { title: 'Mã hồ sơ', width: 108, text: ({ code }) => code },
  { title: 'Tên thủ tục hành chính', width: 130, text: ({ procedure }) => procedure },
  { title: 'Số giấy tờ', width: 36, text: ({ papers }) => String(papers) },
  { title: 'Tên cá nhân, tổ chức', width: 88, text: ({ applicant }) => applicant },
  {
    title: 'Địa chỉ, số điện thoại',
    width: 100,
    text: ({ place, phone }) => [place, phone].filter((part) => part !== null).join(', '),
  },
  { title: 'Cơ quan giải quyết', width: 88, text: ({ holder }) => holder },
  { title: 'Ngày nhận hồ sơ', width: 66, text: ({ presentedAt }) => timeOf(presentedAt) },
  { title: 'Ngày hẹn trả kết quả', width: 60, text: (line) => promiseOf(line) },
  {
    title: 'Ngày trả kết quả',
    width: width - 704,
    text: ({ returnedAt }) => (returnedAt ? dayOf(returnedAt) : ''),
  },
];
const headHeight = 40;
const rowHeight = 46;

const promiseOf = ({ dueOn, promisedOn }: RegisterLine) =>
  [dueOn && day(dueOn), promisedOn && `hẹn lại ${day(promisedOn)}`].filter(Boolean).join(', ');

/** Form 06: what a desk took in over some days, and what became of it. */
export async function writeRegister({ office, from, until, lines }: Register): Promise<Uint8Array> {
  const title = ['SỔ THEO DÕI HỒ SƠ', `Từ ngày ${day(from)} đến ngày ${day(until)}`];
  const paper = new Paper({ ...across, title: `${title[0]} ${office} ${from}`, createdOn: until });
  const cells = (textOf: (column: Column) => string): Cell[] =>
    columns.map((column) => ({ text: textOf(column), width: column.width }));
  const writeHead = (y: number) =>
    paper.row(
      cells(({ title }) => title),
      left,
      y,
      { size: 9, font: 'bold', align: 'center', height: headHeight },
    );
  paper.document.addPage();
  const letterhead = { formNumber: 'Mẫu số 06', office, desk: 'BỘ PHẬN TIẾP NHẬN VÀ TRẢ KẾT QUẢ', title };
  let y = writeHead(
    writeLetterhead(paper, across, { ...letterhead, number: `${lines.length} hồ sơ`, on: until }),
  );
  for (const [index, line] of lines.entries()) {
    if (y + rowHeight > height - top / 2) {
      // Fitting words to cells takes some milliseconds a line: others are answered between two sheets.
      await othersTurn();
      paper.document.addPage();
      y = writeHead(top / 2);
    }
    y = paper.row(
      cells(({ text }) => text(line, index + 1)),
      left,
      y,
      { size: 9, align: 'left', height: rowHeight },
    );
  }
  return paper.finish();
}
