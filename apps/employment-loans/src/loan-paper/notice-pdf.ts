import { formatVnd, vndInWords } from '@ansinh/money';
import { day } from '@ansinh/paper';
import { contractText, figures, lender, LoanPaper, type PaperHead, width } from './loan-paper.js';

interface NoticeDue {
  dueOn: string;
  principal: bigint;
  interest: bigint;
}

export interface Notice {
  head: PaperHead;
  on: string;
  /** What has fallen due and is open, the oldest first. */
  open: readonly NoticeDue[];
  /** Of paying late, until that day. */
  overdueInterest: bigint;
  daysPastDue: number;
  /** What falls due next; null when nothing does any more. */
  next: NoticeDue | null;
  /** What the borrower has paid too much. */
  credit: bigint;
}

const columns = [
  { title: 'Ngày đến hạn', width: 150, align: 'left' },
  { title: 'Gốc (đồng)', width: 106, align: 'right' },
  { title: 'Lãi (đồng)', width: 106, align: 'right' },
  { title: 'Cộng (đồng)', width: width - 362, align: 'right' },
] as const;

/** What is to be paid, by when and where: what is due already, or else what falls due next. */
export async function writeNotice(notice: Notice): Promise<Uint8Array> {
  const { head, on, open, next, overdueInterest } = notice;
  const isDue = open.length > 0 || overdueInterest > 0n;
  const title = isDue && notice.daysPastDue > 0 ? 'GIẤY BÁO NỢ QUÁ HẠN' : 'GIẤY BÁO NỢ ĐẾN HẠN';
  const paper = new LoanPaper(head, [title, `Theo ${contractText(head)}`], on);
  paper.write(`Kính gửi: ${head.borrowerName}; ${head.place}.`);
  if (isDue) writeDue(paper, notice);
  if (next !== null) {
    const total = next.principal + next.interest;
    const parts = `gốc ${formatVnd(next.principal, 'vi')}, lãi ${formatVnd(next.interest, 'vi')}`;
    paper.write(
      `Kỳ trả nợ tiếp theo: ngày ${day(next.dueOn)}, số tiền ${formatVnd(total, 'vi')} (${parts}).`,
    );
    if (!isDue) paper.write(`Bằng chữ: ${vndInWords(total)}.`, `Hạn nộp: ngày ${day(next.dueOn)}.`);
  }
  if (notice.credit > 0n) paper.write(`Số tiền nộp thừa đang giữ: ${formatVnd(notice.credit, 'vi')}.`);
  paper.write(
    `Nơi nộp: ${lender}, điểm giao dịch tại ${head.place}; khi nộp ghi mã khoản vay ${head.code}.`,
    'Nếu đã nộp trong những ngày gần đây, xin bỏ qua giấy báo này.',
  );
  paper.sign(null, { title: 'ĐẠI DIỆN BÊN CHO VAY' });
  return paper.finish();
}

function writeDue(paper: LoanPaper, { on, open, overdueInterest, daysPastDue }: Notice): void {
  const principal = open.reduce((total, due) => total + due.principal, 0n);
  const interest = open.reduce((total, due) => total + due.interest, 0n) + overdueInterest;
  const line = (name: string, ofPrincipal: bigint, ofInterest: bigint) => [
    name,
    ...[ofPrincipal, ofInterest, ofPrincipal + ofInterest].map(figures),
  ];
  const late = daysPastDue > 0 ? `, đã quá hạn ${daysPastDue} ngày` : '';
  paper.write(`Đến hết ngày ${day(on)}, số nợ đã đến hạn chưa trả${late}:`);
  paper.table(
    columns,
    [
      ...open.map((due) => line(day(due.dueOn), due.principal, due.interest)),
      ...(overdueInterest > 0n ? [line('Lãi nợ quá hạn', 0n, overdueInterest)] : []),
    ],
    line('Tổng cộng', principal, interest),
  );
  paper.write(
    `Bằng chữ: ${vndInWords(principal + interest)}.`,
    daysPastDue > 0 ? 'Hạn nộp: ngay khi nhận được giấy báo này.' : `Hạn nộp: ngày ${day(on)}.`,
  );
}
