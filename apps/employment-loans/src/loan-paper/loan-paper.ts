import { day, Paper, textWidth, upright, writeLetterhead } from '@ansinh/paper';

/** What every paper of a loan is headed with. */
export interface PaperHead {
  /** Of the loan. */
  code: string;
  contractNumber: string;
  signedOn: string;
  borrowerName: string;
  /** Where the project is, with what it lies in. */
  place: string;
  province: string;
}

interface PaperColumn {
  title: string;
  width: number;
  align: 'left' | 'center' | 'right';
}

export const lender = 'Ngân hàng Chính sách xã hội';
export const width = textWidth(upright);
const { left, top, height } = upright;
const bottom = height - 48;
const rowHeight = 20;

const numberFormat = new Intl.NumberFormat('vi-VN');
/** An amount in a column whose head says that it is in đồng. */
export const figures = (amount: bigint) => numberFormat.format(amount);

export const contractText = ({ contractNumber, signedOn }: PaperHead) =>
  `hợp đồng số ${contractNumber} ngày ${day(signedOn)}`;

/** A paper that is written from top to bottom: what does not fit on a page goes on on the next one. */
export class LoanPaper {
  private readonly paper: Paper;
  private y: number;

  /** @param on the day that it bears: the same loan on the same day is the same file */
  constructor(head: PaperHead, title: string[], on: string) {
    this.paper = new Paper({
      ...upright,
      title: `${title[0]} ${head.code}`,
      createdOn: on,
      foot: `${title[0]} - ${head.code}`,
    });
    this.paper.document.addPage();
    const desk = head.province.toUpperCase();
    this.y = writeLetterhead(this.paper, upright, { office: lender, desk, number: head.code, on, title });
  }

  write(...paragraphs: string[]): void {
    for (const text of paragraphs) {
      for (const line of this.paper.lines(text, width, { size: 12 })) {
        this.need(16);
        this.y = this.paper.write(line, left, this.y, width, { size: 12 });
      }
      this.y += 4;
    }
  }

  heading(text: string): void {
    this.need(60);
    this.y = this.paper.write(text, left, this.y + 4, width, { size: 12, font: 'bold' }) + 4;
  }

  /** @param sums the last line */
  table(columns: readonly PaperColumn[], rows: readonly string[][], sums: string[]): void {
    const line = (texts: string[], font: 'regular' | 'bold') =>
      this.paper.row(
        columns.map(({ width, align }, index) => ({ width, align, text: texts[index]! })),
        left,
        this.y,
        { size: 10, font, height: rowHeight },
      );
    const head = () =>
      this.paper.row(
        columns.map(({ width, title }) => ({ width, text: title })),
        left,
        this.y,
        { size: 10, font: 'bold', align: 'center', height: 30 },
      );
    this.y += 4;
    this.need(30 + 2 * rowHeight);
    this.y = head();
    for (const texts of rows) {
      if (this.need(rowHeight)) this.y = head();
      this.y = line(texts, 'regular');
    }
    if (this.need(rowHeight)) this.y = head();
    this.y = line(sums, 'bold') + 8;
  }

  /** @param signers from the left; null: nobody signs there */
  sign(...signers: readonly ({ title: string; name?: string } | null)[]): void {
    this.need(120);
    const part = width / signers.length;
    signers.forEach((signer, index) => {
      if (signer === null) return;
      const { title, name } = signer;
      const x = left + part * index;
      this.paper.put(title, x, this.y + 10, part, { font: 'bold', size: 11 });
      this.paper.put('(Ký, ghi rõ họ tên)', x, this.y + 26, part, { size: 10 });
      if (name !== undefined) this.paper.put(name, x, this.y + 88, part, { size: 11, height: 28 });
    });
    this.y += 120;
  }

  finish(): Promise<Uint8Array> {
    return this.paper.finish();
  }

  /** @returns whether a page was begun for it */
  private need(room: number): boolean {
    if (this.y + room <= bottom) return false;
    this.paper.document.addPage();
    this.y = top;
    return true;
  }
}
