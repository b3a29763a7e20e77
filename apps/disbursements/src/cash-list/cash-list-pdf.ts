import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { buffer } from 'node:stream/consumers';
import PDFDocument from 'pdfkit';
import { vndInWords } from '@ansinh/money';
import type { CashLine, CashList } from './cash-list-file.js';

/** Tinos has the measures of Times New Roman, in which state papers are set, and every Vietnamese letter. */
const require = createRequire(import.meta.url);
const regular = unshapedFont(require.resolve('@expo-google-fonts/tinos/400Regular/Tinos_400Regular.ttf'));
const bold = unshapedFont(require.resolve('@expo-google-fonts/tinos/700Bold/Tinos_700Bold.ttf'));

/**
 * A font without its tables of ligatures and kerning (OpenType: GSUB, GPOS, kern). Vietnamese letters are glyphs of their
 * own and need none, and following the tables took fifty seconds for a list of 5,000 people.
 */
function unshapedFont(file: string): Buffer {
  const font = readFileSync(file);
  const tables = font.readUInt16BE(4);
  for (let entry = 12; entry < 12 + 16 * tables; entry += 16) {
    const tag = font.toString('latin1', entry, entry + 4);
    // A table of a name that nobody knows is passed over.
    if (['GSUB', 'GPOS', 'kern'].includes(tag)) font.write('none', entry, 'latin1');
  }
  return font;
}

/** A4 across, in points: the columns need the width. */
const page = { width: 841.89, height: 595.28, margin: 36 };
const content = { left: page.margin, width: page.width - 2 * page.margin };
const tableHead = 30;
/** High enough to sign in. */
const rowHeight = 24;
/** Title, payer and list; the following pages have one line instead. */
const firstHead = 136;
const nextHead = 22;
const footHeight = 20;
/** Totals and three signatures. */
const closingHeight = 130;

interface Column {
  title: string;
  width: number;
  align: 'left' | 'center' | 'right';
  text: (line: CashLine, address: string) => string;
}

const columns: Column[] = [
  { title: 'STT', width: 34, align: 'center', text: ({ ordinal }) => String(ordinal) },
  { title: 'Họ và tên người hưởng', width: 168, align: 'left', text: ({ payeeName }) => payeeName },
  { title: 'Số định danh cá nhân', width: 88, align: 'center', text: ({ payeeId }) => payeeId },
  { title: 'Địa chỉ', width: 120, align: 'left', text: (_, address) => address },
  { title: 'Nội dung', width: 104, align: 'left', text: ({ remittance }) => remittance },
  { title: 'Số tiền (đồng)', width: 78, align: 'right', text: ({ amount }) => figures(amount) },
  { title: 'Ngày nhận', width: 60, align: 'center', text: () => '' },
  {
    title: 'Ký nhận hoặc điểm chỉ',
    width: content.width - 34 - 168 - 88 - 120 - 104 - 78 - 60,
    align: 'center',
    text: () => '',
  },
];

const numberFormat = new Intl.NumberFormat('vi-VN');
const figures = (amount: bigint) => numberFormat.format(amount);
const day = (iso: string) => iso.split('-').reverse().join('/');

/** The list on paper: head and foot on each page, total in figures and words, room for the signatures. */
export async function writeCashListPdf(list: CashList): Promise<Uint8Array> {
  const document = new PDFDocument({
    size: [page.width, page.height],
    margin: 0,
    autoFirstPage: false,
    lang: 'vi-VN',
    displayTitle: true,
    info: {
      Title: `Danh sách chi trả ${list.head.code}`,
      // The same list is the same file: nothing in it depends on when it is fetched.
      CreationDate: new Date(`${list.head.issuedOn}T00:00:00Z`),
    },
  });
  document.registerFont('regular', regular);
  document.registerFont('bold', bold);
  const written = buffer(document as unknown as NodeJS.ReadableStream);
  new CashListPaper(document, list).write();
  document.end();
  return written;
}

class CashListPaper {
  private readonly pages: number;
  private readonly address: string;
  private pageNo = 0;
  private y = 0;

  constructor(
    private readonly document: PDFKit.PDFDocument,
    private readonly list: CashList,
  ) {
    this.pages = pagesOf(list.lines.length);
    this.address = list.place.name;
  }

  write(): void {
    this.beginPage(true);
    for (const line of this.list.lines) {
      if (this.roomLeft() < rowHeight) this.beginPage(true);
      this.writeRow(line);
    }
    if (this.roomLeft() < closingHeight) this.beginPage(false);
    this.writeTotal();
    this.writeSignatures();
  }

  private roomLeft(): number {
    return page.height - page.margin - footHeight - this.y;
  }

  private beginPage(hasTable: boolean): void {
    this.document.addPage();
    this.pageNo += 1;
    this.y = page.margin;
    if (this.pageNo === 1) this.writeFirstHead();
    else this.writeNextHead();
    this.writeFoot();
    if (hasTable) this.writeTableHead();
  }

  private writeFirstHead(): void {
    const { head, place } = this.list;
    const half = content.width / 2;
    const right = content.left + half;
    this.put(head.payer.toUpperCase(), content.left, this.y, half, { font: 'bold', size: 10, height: 30 });
    this.put('CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM', right, this.y, half, { font: 'bold', size: 11 });
    this.put('Độc lập - Tự do - Hạnh phúc', right, this.y + 15, half, { font: 'bold', size: 11 });
    this.document
      .moveTo(right + half / 2 - 72, this.y + 31)
      .lineTo(right + half / 2 + 72, this.y + 31)
      .lineWidth(0.7)
      .stroke();
    const title = { font: 'bold', size: 14 } as const;
    this.put('DANH SÁCH CHI TRẢ TIỀN MẶT', content.left, this.y + 42, content.width, title);
    const where = place.above === null ? place.name : `${place.name}, ${place.above}`;
    const period = head.period.split('-').reverse().join('/');
    const subtitle = { font: 'bold', size: 11 } as const;
    this.put(`${where} - Kỳ chi trả ${period}`, content.left, this.y + 61, content.width, subtitle);
    const due = head.resultsDueOn === null ? '' : ` - Hạn gửi lại kết quả: ${day(head.resultsDueOn)}`;
    [
      `Nội dung: ${head.purpose} (chương trình ${head.programme}; nguồn ${head.fund})`,
      `Danh sách số: ${head.code} - Ngày lập: ${day(head.issuedOn)}${due}`,
      'Căn cứ: Nghị định 20/2021/NĐ-CP, điều 34; Thông tư 44/2022/TT-BTC, điều 8.',
    ].forEach((text, index) =>
      this.put(text, content.left, this.y + 82 + 16 * index, content.width, { align: 'left', size: 10 }),
    );
    this.y += firstHead;
  }

  private writeNextHead(): void {
    const { head, place } = this.list;
    const text = `Danh sách số ${head.code} - ${place.name} (tiếp theo)`;
    this.put(text, content.left, this.y, content.width, { align: 'left', size: 10 });
    this.y += nextHead;
  }

  private writeFoot(): void {
    const y = page.height - page.margin - 10;
    const { code } = this.list.head;
    this.put(code, content.left, y, content.width, { align: 'left', size: 9 });
    this.put(`Trang ${this.pageNo}/${this.pages}`, content.left, y, content.width, {
      align: 'right',
      size: 9,
    });
  }

  private writeTableHead(): void {
    let x = content.left;
    this.document.lineWidth(0.5);
    for (const { title, width } of columns) {
      this.document.rect(x, this.y, width, tableHead).stroke();
      this.put(title, x + 2, this.y, width - 4, { font: 'bold', size: 10, height: tableHead });
      x += width;
    }
    this.y += tableHead;
  }

  private writeRow(line: CashLine): void {
    let x = content.left;
    for (const { width, align, text } of columns) {
      this.document.rect(x, this.y, width, rowHeight);
      const words = text(line, this.address);
      if (words !== '') this.put(words, x + 3, this.y, width - 6, { align, size: 10, height: rowHeight });
      x += width;
    }
    this.document.stroke();
    this.y += rowHeight;
  }

  private writeTotal(): void {
    const { lines, total } = this.list;
    const before = columns.slice(0, 5).reduce((sum, { width }) => sum + width, 0);
    const sum = columns[5]!.width;
    this.document
      .rect(content.left, this.y, before, rowHeight)
      .rect(content.left + before, this.y, sum, rowHeight);
    this.document.rect(content.left + before + sum, this.y, content.width - before - sum, rowHeight).stroke();
    const count = `Tổng cộng: ${figures(BigInt(lines.length))} người`;
    const cell = { font: 'bold', size: 10, height: rowHeight } as const;
    this.put(count, content.left + 3, this.y, before - 6, { ...cell, align: 'left' });
    this.put(figures(total), content.left + before + 3, this.y, sum - 6, { ...cell, align: 'right' });
    this.y += rowHeight + 6;
    const words = `Bằng chữ: ${vndInWords(total)}.`;
    this.put(words, content.left, this.y, content.width, { align: 'left', size: 11, height: 28 });
    this.y += 34;
  }

  private writeSignatures(): void {
    const third = content.width / 3;
    ['NGƯỜI LẬP DANH SÁCH', 'NHÂN VIÊN CHI TRẢ', 'THỦ TRƯỞNG ĐƠN VỊ'].forEach((title, index) => {
      const x = content.left + third * index;
      this.put(title, x, this.y, third, { font: 'bold', size: 10 });
      this.put(index === 2 ? '(Ký, họ tên, đóng dấu)' : '(Ký, họ tên)', x, this.y + 14, third, { size: 10 });
    });
  }

  /** Text within a box. It is written smaller, then on several lines, until it fits: a name is never cut off. */
  private put(text: string, x: number, y: number, width: number, style: Style): void {
    const { font = 'regular', align = 'center', height } = style;
    this.document.font(font);
    const { size, lines } = this.fit(text, width, style);
    const lineHeight = size * 1.15;
    const top = height === undefined ? y : y + (height - lines.length * lineHeight) / 2;
    lines.forEach((line, index) => {
      const free = width - this.document.widthOfString(line);
      const indent = { left: 0, center: free / 2, right: free }[align];
      this.document.text(line, x + indent, top + index * lineHeight, { lineBreak: false });
    });
  }

  private fit(text: string, width: number, { size, height }: Style): { size: number; lines: string[] } {
    for (let tried = size; ; tried -= 1) {
      this.document.fontSize(tried);
      const linesMax = height === undefined ? 1 : Math.max(1, Math.floor((height - 2) / (tried * 1.15)));
      const lines = this.wrap(text, width);
      if (lines.length <= linesMax || tried <= smallest) return { size: tried, lines };
    }
  }

  /** By words; a word that is wider than the box by letters. */
  private wrap(text: string, width: number): string[] {
    const { document } = this;
    if (document.widthOfString(text) <= width) return [text];
    const lines: string[] = [];
    let line = '';
    for (const word of text.split(' ').flatMap((whole) => this.pieces(whole, width))) {
      const longer = line === '' ? word : `${line} ${word}`;
      if (document.widthOfString(longer) <= width) line = longer;
      else {
        lines.push(line);
        line = word;
      }
    }
    return [...lines, line];
  }

  private pieces(word: string, width: number): string[] {
    if (this.document.widthOfString(word) <= width) return [word];
    const pieces = [''];
    for (const letter of word) {
      const longer = pieces.at(-1)! + letter;
      if (pieces.at(-1) !== '' && this.document.widthOfString(longer) > width) pieces.push(letter);
      else pieces[pieces.length - 1] = longer;
    }
    return pieces;
  }
}

interface Style {
  size: number;
  font?: 'regular' | 'bold';
  align?: 'left' | 'center' | 'right';
  /** Of the box in whose middle the text stands; without one it is one line. */
  height?: number;
}

/** Points: smaller letters cannot be read. */
const smallest = 4;

/** How many pages so many lines take, as {@link CashListPaper} lays them out: each page says of how many it is one. */
function pagesOf(lines: number): number {
  const room = page.height - 2 * page.margin - footHeight;
  const firstRows = Math.floor((room - firstHead - tableHead) / rowHeight);
  const nextRows = Math.floor((room - nextHead - tableHead) / rowHeight);
  const after = Math.max(0, lines - firstRows);
  const tablePages = 1 + Math.ceil(after / nextRows);
  const rowsOnLast = tablePages === 1 ? lines : after - (tablePages - 2) * nextRows;
  const head = tablePages === 1 ? firstHead : nextHead;
  const roomLeft = room - head - tableHead - rowsOnLast * rowHeight;
  return tablePages + (roomLeft < closingHeight ? 1 : 0);
}
