import type { ScheduledDue } from '@ansinh/loans';
import { formatVnd } from '@ansinh/money';
import { day } from '@ansinh/paper';
import { percentOf } from './annex-pdf.js';
import { contractText, figures, LoanPaper, type PaperHead, width } from './loan-paper.js';

export interface PrintedSchedule {
  head: PaperHead;
  ratePpm: number;
  /** What it is reckoned of: tranches that went out, or, before one did, all of the loan on the day on which that was planned. */
  tranches: readonly { on: string; amount: bigint }[];
  isPlanned: boolean;
  /** The day of the decision that it goes by; null where it is that of the contract. */
  changedOn: string | null;
  dues: readonly ScheduledDue[];
}

const columns = [
  { title: 'Kỳ', width: 34, align: 'center' },
  { title: 'Ngày đến hạn', width: 82, align: 'center' },
  { title: 'Gốc (đồng)', width: 88, align: 'right' },
  { title: 'Lãi (đồng)', width: 80, align: 'right' },
  { title: 'Cộng (đồng)', width: 90, align: 'right' },
  { title: 'Gốc còn lại (đồng)', width: width - 374, align: 'right' },
] as const;

/** Each instalment with its principal and interest, and what is left after it. */
export async function writeSchedule(schedule: PrintedSchedule): Promise<Uint8Array> {
  const { head, tranches, dues, changedOn } = schedule;
  const on = [
    head.signedOn,
    changedOn ?? '',
    ...(schedule.isPlanned ? [] : tranches.map((tranche) => tranche.on)),
  ]
    .sort()
    .at(-1)!;
  const paper = new LoanPaper(head, ['LỊCH TRẢ NỢ', `Kèm theo ${contractText(head)}`], on);
  paper.write(
    `Bên vay: ${head.borrowerName}; nơi thực hiện dự án: ${head.place}.`,
    `Lãi suất theo hợp đồng: ${percentOf(schedule.ratePpm)}.`,
    ...tranches.map(({ on, amount }) => {
      const verb = schedule.isPlanned ? 'Dự kiến giải ngân' : 'Đã giải ngân';
      return `${verb} ngày ${day(on)}: ${formatVnd(amount, 'vi')}.`;
    }),
    ...(changedOn === null
      ? []
      : [`Lịch này thay lịch trước, theo quyết định có hiệu lực từ ngày ${day(changedOn)}.`]),
  );
  const principal = dues.reduce((total, due) => total + due.principal, 0n);
  const interest = dues.reduce((total, due) => total + due.interest, 0n);
  paper.table(
    columns,
    dues.map((due, index) => [
      String(index + 1),
      day(due.dueOn),
      ...[due.principal, due.interest, due.principal + due.interest, due.balance].map(figures),
    ]),
    ['', 'Tổng cộng', ...[principal, interest, principal + interest].map(figures), ''],
  );
  paper.write(
    'Lãi tính cho trường hợp mỗi kỳ được trả đúng ngày; số còn phải trả khi trả trước hạn hoặc chậm trả xem tại giấy báo nợ.',
  );
  paper.sign({ title: 'ĐẠI DIỆN BÊN CHO VAY' }, { title: 'BÊN VAY', name: head.borrowerName });
  return paper.finish();
}
