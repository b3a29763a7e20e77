import { vndInWords } from '@ansinh/money';
import { Paper } from '@ansinh/paper';
import type { CashLine, CashList } from './cash-list-file.js';

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
  const paper = new Paper({
    width: page.width,
    height: page.height,
    title: `Danh sách chi trả ${list.head.code}`,
    createdOn: list.head.issuedOn,
  });
  new CashListPaper(paper, list).write();
  return paper.finish();
}

class CashListPaper {
  private readonly document: PDFKit.PDFDocument;
  private readonly pages: number;
  private readonly address: string;
  private pageNo = 0;
  private y = 0;

  constructor(
    private readonly paper: Paper,
    private readonly list: CashList,
  ) {
    this.document = paper.document;
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
    this.paper.put(head.payer.toUpperCase(), content.left, this.y, half, {
      font: 'bold',
      size: 10,
      height: 30,
    });
    this.paper.put('CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM', right, this.y, half, { font: 'bold', size: 11 });
    this.paper.put('Độc lập - Tự do - Hạnh phúc', right, this.y + 15, half, { font: 'bold', size: 11 });
    this.document
      .moveTo(right + half / 2 - 72, this.y + 31)
      .lineTo(right + half / 2 + 72, this.y + 31)
      .lineWidth(0.7)
      .stroke();
    const title = { font: 'bold', size: 14 } as const;
    this.paper.put('DANH SÁCH CHI TRẢ TIỀN MẶT', content.left, this.y + 42, content.width, title);
    const where = place.above === null ? place.name : `${place.name}, ${place.above}`;
    const period = head.period.split('-').reverse().join('/');
    const subtitle = { font: 'bold', size: 11 } as const;
    this.paper.put(`${where} - Kỳ chi trả ${period}`, content.left, this.y + 61, content.width, subtitle);
    const due = head.resultsDueOn === null ? '' : ` - Hạn gửi lại kết quả: ${day(head.resultsDueOn)}`;
    [
      `Nội dung: ${head.purpose} (chương trình ${head.programme}; nguồn ${head.fund})`,
      `Danh sách số: ${head.code} - Ngày lập: ${day(head.issuedOn)}${due}`,
      'Căn cứ: Nghị định 20/2021/NĐ-CP, điều 34; Thông tư 44/2022/TT-BTC, điều 8.',
    ].forEach((text, index) =>
      this.paper.put(text, content.left, this.y + 82 + 16 * index, content.width, {
        align: 'left',
        size: 10,
      }),
    );
    this.y += firstHead;
  }

  private writeNextHead(): void {
    const { head, place } = this.list;
    const text = `Danh sách số ${head.code} - ${place.name} (tiếp theo)`;
    this.paper.put(text, content.left, this.y, content.width, { align: 'left', size: 10 });
    this.y += nextHead;
  }

  private writeFoot(): void {
    const y = page.height - page.margin - 10;
    const { code } = this.list.head;
    this.paper.put(code, content.left, y, content.width, { align: 'left', size: 9 });
    this.paper.put(`Trang ${this.pageNo}/${this.pages}`, content.left, y, content.width, {
      align: 'right',
      size: 9,
    });
  }

  private writeTableHead(): void {
    const cells = columns.map(({ title, width }) => ({ text: title, width }));
    this.y = this.paper.row(cells, content.left, this.y, { font: 'bold', size: 10, height: tableHead });
  }

  private writeRow(line: CashLine): void {
    const cells = columns.map(({ width, align, text }) => ({ text: text(line, this.address), width, align }));
    this.y = this.paper.row(cells, content.left, this.y, { size: 10, height: rowHeight });
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
    this.paper.put(count, content.left + 3, this.y, before - 6, { ...cell, align: 'left' });
    this.paper.put(figures(total), content.left + before + 3, this.y, sum - 6, { ...cell, align: 'right' });
    this.y += rowHeight + 6;
    const words = `Bằng chữ: ${vndInWords(total)}.`;
    this.paper.put(words, content.left, this.y, content.width, { align: 'left', size: 11, height: 28 });
    this.y += 34;
  }

  private writeSignatures(): void {
    const third = content.width / 3;
    ['NGƯỜI LẬP DANH SÁCH', 'NHÂN VIÊN CHI TRẢ', 'THỦ TRƯỞNG ĐƠN VỊ'].forEach((title, index) => {
      const x = content.left + third * index;
      this.paper.put(title, x, this.y, third, { font: 'bold', size: 10 });
      this.paper.put(index === 2 ? '(Ký, họ tên, đóng dấu)' : '(Ký, họ tên)', x, this.y + 14, third, {
        size: 10,
      });
    });
  }
}

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
