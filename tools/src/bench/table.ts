import { type Bilingual, say } from '@ansinh/embedded';
import type { JobPerPayment } from './job-per-payment.js';
import { type BenchReport, type Ratio, secondsOfOurs } from './report.js';

const titleWidth = 72;

/** The report for people, in the language of their terminal. */
export function tableOf(report: BenchReport): string {
  const { rows, machine, loadBefore, floor, lifecycle, large, suite, jobs, totals, ratios } = report;
  const count = rows.toLocaleString('en');
  return [
    `${count} × · ${machine.cores} × ${machine.model} · ${machine.memoryGb} GB · Node ${machine.node} · PostgreSQL ${machine.postgresql}`,
    say({ vi: `Tải của máy trước khi đo: ${loadBefore}`, en: `Load of the machine before: ${loadBefore}` }),
    '',
    head({ vi: 'Sàn: SQL viết tay, một kết nối', en: 'Floor: hand-written SQL, one connection' }),
    row({ vi: 'COPY vào bảng tạm', en: 'COPY into a staging table' }, floor.copy),
    row({ vi: 'INSERT … SELECT vào bảng chi trả', en: 'INSERT … SELECT into the payments' }, floor.insert),
    row({ vi: 'một dòng kết quả mỗi khoản', en: 'one outcome row a payment' }, floor.outcomes),
    row({ vi: 'nối, đếm, cộng', en: 'join, count, sum' }, floor.reconcile),
    row({ vi: '= sàn', en: '= floor' }, totals.floor),
    '',
    ...oursRows(report),
    '',
    row(
      {
        vi: 'Cả hệ thống qua HTTP, với ngân hàng và so sổ từng dòng',
        en: 'The whole system over HTTP, with the bank, books compared',
      },
      totals.suite,
    ),
    ...jobs.map((job, index) => row(titleOfJobs(job), totals.jobs[index]!)),
    '',
    ratioRow({ vi: 'của ta / sàn', en: 'ours / floor' }, '≤', ratios.oursToFloor),
    ...jobs.map((job, index) => {
      const { vi, en } = titleOfJobs(job);
      return ratioRow({ vi: `${vi} / của ta`, en: `${en} / ours` }, '≥', ratios.jobsToOurs[index]!);
    }),
    ...(ratios.largeToUsual
      ? [
          ratioRow(
            { vi: 'một dòng của danh sách lớn / thường', en: 'a line of the large list / of the usual one' },
            '≤',
            ratios.largeToUsual,
          ),
        ]
      : []),
    '',
    `RSS: ${lifecycle.peakRssMb} MB${large ? ` (${large.rows.toLocaleString('en')}: ${large.peakRssMb} MB)` : ''} · ${Object.entries(
      suite.peakRssMb,
    )
      .map(([name, peak]) => `${name} ${Math.ceil(peak)} MB`)
      .join(' · ')}`,
  ].join('\n');
}

function titleOfJobs({ queue, duties, payments }: JobPerPayment): Bilingual {
  const of = payments.toLocaleString('en');
  const way = {
    bare: { vi: 'hai UPDATE', en: 'two updates' },
    guarded: { vi: 'mã hóa, nhật ký, RLS', en: 'sealed, logged, RLS' },
  }[duties];
  return {
    vi: `Mỗi khoản một job (${queue}), ${way.vi}; từ ${of}`,
    en: `One job a payment (${queue}), ${way.en}; of ${of}`,
  };
}

function oursRows({ lifecycle, large, totals }: BenchReport): string[] {
  const { steps } = lifecycle;
  return [
    head({ vi: 'Của ta, không kể ngân hàng giả lập', en: 'Ours, without the simulator' }),
    row({ vi: 'nhập danh sách', en: 'import' }, steps.import),
    row({ vi: 'kiểm tra', en: 'check' }, steps.check),
    row({ vi: 'trình, duyệt, giữ chỗ kinh phí', en: 'submit, approve, reserve' }, steps.approve),
    row({ vi: 'truyền lệnh chi (pain.001, pain.002)', en: 'transmit (pain.001, pain.002)' }, steps.transmit),
    row({ vi: 'nhận kết quả (camt.054)', en: 'outcomes (camt.054)' }, steps.outcomes),
    row(
      { vi: 'đối chiếu sao kê (camt.053)', en: 'reconcile with the statement (camt.053)' },
      steps.reconcile,
    ),
    row({ vi: '= của ta', en: '= ours' }, totals.lifecycle),
    row(
      { vi: '(soát lại toàn bộ sổ, không tính)', en: '(verification of all books, not counted)' },
      steps.verify,
    ),
    row(
      { vi: '(phần của ngân hàng, không tính)', en: '(the bank’s own part, not counted)' },
      lifecycle.bankSeconds,
    ),
    ...(large
      ? [
          row(
            {
              vi: `của ta, ${large.rows.toLocaleString('en')} dòng`,
              en: `ours, ${large.rows.toLocaleString('en')} lines`,
            },
            secondsOfOurs(large),
          ),
        ]
      : []),
  ];
}

function head(title: Bilingual): string {
  return `${say(title).padEnd(titleWidth)}${'s'.padStart(8)}`;
}

function row(title: Bilingual, seconds: number): string {
  return `  ${say(title).padEnd(titleWidth - 2)}${seconds.toFixed(2).padStart(8)}`;
}

function ratioRow(title: Bilingual, sign: string, { value, bar, aim, isMet, isAimed }: Ratio): string {
  const met = isMet ? say({ vi: 'đạt', en: 'ok' }) : say({ vi: 'KHÔNG ĐẠT', en: 'MISSED' });
  const aimed = isAimed ? say({ vi: 'đạt', en: 'reached' }) : say({ vi: 'chưa', en: 'not yet' });
  const verdict = `${say({ vi: 'mức', en: 'bar' })} ${sign} ${bar}: ${met} · ${say({ vi: 'mong', en: 'aim' })} ${aim}: ${aimed}`;
  return `${say(title).padEnd(titleWidth)}${value.toFixed(2).padStart(8)} ×   ${verdict}`;
}
