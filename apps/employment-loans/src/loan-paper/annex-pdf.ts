import { formatVnd, vndInWords } from '@ansinh/money';
import { day } from '@ansinh/paper';
import type { CapitalSource } from '../product/approving-body.js';
import { contractText, lender, LoanPaper, type PaperHead } from './loan-paper.js';

export interface Annex {
  head: PaperHead;
  product: string;
  capital: { source: CapitalSource; year: number } | null;
  amount: bigint;
  termMonths: number;
  ratePpm: number;
  overdueRatePercent: number;
  project: {
    name: string;
    purpose: string;
    otherSources: { name: string; amount: string }[];
    collateral: { description: string; value: string }[];
  };
  /** Numbers are masked already. */
  payee: { holder: string; id: string; account: string; bank: string };
  plan: readonly { dueOn: string }[];
  /** What the loan rests on, in that order. */
  decisions: { kind: DecisionKind; number: string; on: string }[];
}

export const decisionKinds = ['confirm', 'appraise', 'approve'] as const;
type DecisionKind = (typeof decisionKinds)[number];

const decisionNames: Record<DecisionKind, string> = {
  confirm: 'Xác nhận của Ủy ban nhân dân cấp xã',
  appraise: 'Báo cáo thẩm định',
  approve: 'Quyết định phê duyệt',
};
const sources: Record<CapitalSource, string> = {
  central: 'vốn trung ương',
  province: 'vốn ngân sách cấp tỉnh',
  district: 'vốn ngân sách cấp huyện',
};

const percentFormat = new Intl.NumberFormat('vi-VN', { maximumFractionDigits: 4 });
export const percentOf = (ratePpm: number) => `${percentFormat.format(ratePpm / 10_000)}%/năm`;

/** What was agreed, in words that both sides sign. */
export async function writeAnnex(annex: Annex): Promise<Uint8Array> {
  const { head, payee } = annex;
  const paper = new LoanPaper(
    head,
    ['PHỤ LỤC HỢP ĐỒNG VAY VỐN', `Kèm theo ${contractText(head)}`],
    head.signedOn,
  );
  paper.heading('Các bên');
  paper.write(
    `Bên cho vay: ${lender}, ${head.province}.`,
    `Bên vay: ${head.borrowerName}; nơi thực hiện dự án: ${head.place}.`,
    `Người nhận tiền: ${payee.holder}; số định danh cá nhân: ${payee.id}; tài khoản số ${payee.account} tại ${payee.bank}.`,
  );
  paper.heading('Căn cứ');
  paper.write(
    ...annex.decisions.map(
      ({ kind, number, on }) => `- ${decisionNames[kind]} số ${number} ngày ${day(on)};`,
    ),
    `- Chương trình: ${annex.product}.`,
  );
  paper.heading('Nội dung vay');
  paper.write(...termsText(annex));
  paper.heading('Dự án');
  paper.write(...projectText(annex.project));
  paper.sign({ title: 'ĐẠI DIỆN BÊN CHO VAY' }, { title: 'BÊN VAY', name: head.borrowerName });
  return paper.finish();
}

function termsText(annex: Annex): string[] {
  const { amount, capital, plan } = annex;
  return [
    `Số tiền vay: ${formatVnd(amount, 'vi')} (${vndInWords(amount)}).`,
    ...(capital ? [`Nguồn vốn: ${sources[capital.source]}, kế hoạch năm ${capital.year}.`] : []),
    `Thời hạn vay: ${annex.termMonths} tháng.`,
    `Lãi suất: ${percentOf(annex.ratePpm)}; lãi suất nợ quá hạn bằng ${annex.overdueRatePercent}% lãi suất này.`,
    `Trả nợ: ${plan.length} kỳ theo lịch trả nợ, kỳ đầu ngày ${day(plan[0]!.dueOn)}, kỳ cuối ngày ${day(plan.at(-1)!.dueOn)}.`,
  ];
}

function projectText({ name, purpose, otherSources, collateral }: Annex['project']): string[] {
  const money = (amount: string) => formatVnd(BigInt(amount), 'vi');
  return [
    `Tên dự án: ${name}.`,
    `Mục đích sử dụng vốn vay: ${purpose}.`,
    ...otherSources.map((source) => `Nguồn vốn khác: ${source.name}, ${money(source.amount)}.`),
    ...(collateral.length === 0 ? ['Tài sản bảo đảm: không có.'] : []),
    ...collateral.map(
      ({ description, value }) => `Tài sản bảo đảm: ${description}, trị giá ${money(value)}.`,
    ),
  ];
}
