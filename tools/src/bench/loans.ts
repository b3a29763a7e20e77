import { loadavg } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { addDays, monthStartOf, todayInVietnam } from '@ansinh/calendar';
import { createEmploymentLoansClient } from '@ansinh/client';
import { type Bilingual, say, startSuite, type Suite } from '@ansinh/embedded';
import { sampleLoans } from '@ansinh/samples';
import { readSealingKeys, Sealer } from '@ansinh/sealing';
import { tell, WORKSPACE } from '../command.js';
import { tokenFor } from '../demo/sign-in.js';
import { secondsOf } from './clock.js';

interface LoansOptions {
  loans: number;
  transactions: number;
}

interface ClosedDay {
  day: string;
  loans: number;
  entries: number;
  seconds: number;
  /** The bare SQL that writes the same rows. */
  bare: number;
}

export interface LoansReport extends LoansOptions {
  loadBefore: number;
  /** The worst day, a usual one, and three weeks after it at once. */
  days: Record<'monthEnd' | 'usual' | 'rest', ClosedDay>;
  /** Milliseconds, the median of many: a loan with so many transactions by REST, and the bare query of its events. */
  opening: { rest: number; bare: number };
  peakRssMb: { worker: number; afterFirst: number };
}

const opened = 60;

/** Ends of days over so many loans, by a worker as a process, beside the bare SQL; and the opening of a loan with a long life. */
export async function measureLoans(options: LoansOptions, signal: AbortSignal): Promise<LoansReport> {
  const loadBefore = loadavg()[0]!;
  const suite = await startSuite({
    workspace: WORKSPACE,
    persistent: false,
    ports: 'free',
    without: [
      'gateway',
      'worker',
      'registry',
      'registryWorker',
      'bank',
      'disbursements',
      'socialProtection',
      'socialProtectionWorker',
    ],
    environment: {
      LOG_LEVEL: 'warn',
      RATE_LIMIT_PER_MINUTE: '100000000',
      SWEEP_MS: '100',
      CLOSE_DAYS: 'none',
    },
    onProgress: tell,
    signal,
  });
  const client = new pg.Client({ connectionString: suite.ownerUrls['employment-loans'] });
  await client.connect();
  try {
    // Three weeks after it are over as well.
    const monthEnd = addDays(monthStartOf(addDays(todayInVietnam(), -25)), -1);
    tell({ vi: `Ghi ${options.loans} khoản vay`, en: `Writing ${options.loans} loans` });
    await fill(suite, client, options, monthEnd);
    const worker = () => suite.peakRssMb()['employment-loans-worker']!;
    const days = {} as LoansReport['days'];
    const closing = async (name: keyof LoansReport['days'], day: string) => {
      signal.throwIfAborted();
      tell({ vi: `Khóa sổ ${day}`, en: `Closing ${day}` });
      days[name] = await closed(suite, client, day);
    };
    await closing('monthEnd', monthEnd);
    const afterFirst = worker();
    await closing('usual', addDays(monthEnd, 1));
    await closing('rest', addDays(monthEnd, 22));
    const opening = await measureOpening(suite, client);
    return { ...options, loadBefore, days, opening, peakRssMb: { worker: worker(), afterFirst } };
  } finally {
    await client.end();
    await suite.stop();
  }
}

async function fill(
  { secrets: { SEALING_KEYS, LOOKUP_KEY } }: Suite,
  client: pg.Client,
  { loans, transactions }: LoansOptions,
  monthEnd: string,
): Promise<void> {
  const disbursedFrom = addDays(monthEnd, -400);
  const sealer = new Sealer(readSealingKeys(SEALING_KEYS, LOOKUP_KEY));
  const seal = (loanId: string) => sealer.seal('027180000123\t2600205000001', `loan_contract/${loanId}/1`);
  const common = { placeCode: '09169', seal, disbursedFrom, bookedThrough: addDays(monthEnd, -1) };
  await client.query('SET session_replication_role = replica');
  for (const sample of [
    { ...common, seed: 'bench', count: loans, repayments: 12 },
    // Of another place: each sample has the plan of its place and year.
    { ...common, seed: 'long', placeCode: '09163', count: 1, repayments: 12, dailyPayments: transactions },
  ])
    for (const { text, values } of sampleLoans(sample)) await client.query(text, values);
  await client.query('SET session_replication_role = origin');
  await client.query('VACUUM ANALYZE');
}

/** From the start of the closing to its end by the rows, then the same rows by SQL, which is taken back. */
async function closed(suite: Suite, client: pg.Client, day: string): Promise<ClosedDay> {
  const { closings } = createEmploymentLoansClient({
    baseUrl: suite.addresses.employmentLoans,
    token: await tokenFor(suite, 'policybank'),
  });
  let closing = await closings.start(day);
  for (; closing.state === 'closing'; closing = (await closings.latest())!) await sleep(200);
  const seconds = (Date.parse(closing.closedAt!) - Date.parse(closing.startedAt)) / 1_000;
  const { done: loans, entries } = closing;
  return { day, loans, entries, seconds, bare: await writeBare(client, day) };
}

/** What a closing wrote, by three statements with all triggers and checks. */
async function writeBare(client: pg.Client, day: string): Promise<number> {
  await client.query('BEGIN');
  try {
    await client.query(
      `CREATE TEMP TABLE entry ON COMMIT DROP AS SELECT * FROM book_transaction WHERE reference LIKE $1 || '/%'`,
      [day],
    );
    await client.query(
      `CREATE TEMP TABLE posting ON COMMIT DROP AS
       SELECT entry.loan_id, entry.reference, entry.kind AS entry_kind, posting.kind, posting.amount
       FROM entry JOIN book_posting posting ON posting.transaction_id = entry.id`,
    );
    await client.query(
      `CREATE TEMP TABLE standing ON COMMIT DROP AS
       SELECT * FROM loan_book WHERE booked_through = $1`,
      [day],
    );
    await client.query('ANALYZE entry, posting, standing');
    return await secondsOf(async () => {
      await client.query(
        `WITH booked AS (
           INSERT INTO book_transaction (loan_id, kind, reference, counts_on, cause)
           SELECT loan_id, kind, 'bare/' || reference, counts_on, cause FROM entry RETURNING id, loan_id, kind, reference)
         INSERT INTO book_posting (transaction_id, loan_id, kind, amount)
         SELECT booked.id, posting.loan_id, posting.kind, posting.amount
         FROM booked JOIN posting ON posting.loan_id = booked.loan_id AND posting.entry_kind = booked.kind
           AND booked.reference = 'bare/' || posting.reference`,
      );
      await client.query(
        `UPDATE loan_book book SET entries = standing.entries, booked_through = standing.booked_through,
           days_past_due = standing.days_past_due, past_due_from = standing.past_due_from,
           debt_group = standing.debt_group, wakes_on = standing.wakes_on + 1
         FROM standing WHERE standing.loan_id = book.loan_id`,
      );
      await client.query('SET CONSTRAINTS ALL IMMEDIATE');
    });
  } finally {
    await client.query('ROLLBACK');
  }
}

async function measureOpening(suite: Suite, client: pg.Client): Promise<LoansReport['opening']> {
  const { rows } = await client.query<{ id: string }>(
    'SELECT loan_id AS id FROM loan_book ORDER BY events DESC LIMIT 1',
  );
  const { id } = rows[0]!;
  const headers = { authorization: `Bearer ${await tokenFor(suite, 'policybank')}` };
  const open = async () => {
    const answer = await fetch(`${suite.addresses.employmentLoans}/v1/loans/${id}/book`, { headers });
    if (!answer.ok) throw new Error(`the book of ${id}: ${answer.status} ${await answer.text()}`);
    await answer.json();
  };
  const ask = () => client.query('SELECT * FROM loan_event WHERE loan_id = $1 ORDER BY number', [id]);
  const [rest, bare] = [[] as number[], [] as number[]];
  // By turns: what else the machine does meanwhile is in both.
  for (let round = 0; round < 2 * opened; round += 1) {
    const seconds = [await secondsOf(open), await secondsOf(ask)] as const;
    // The first half warms up.
    if (round < opened) continue;
    rest.push(seconds[0] * 1_000);
    bare.push(seconds[1] * 1_000);
  }
  return { rest: medianOf(rest), bare: medianOf(bare) };
}

const medianOf = (times: number[]) => times.sort((a, b) => a - b)[opened / 2]!;

export function tableOfLoans({ days, opening, peakRssMb, loadBefore }: LoansReport): string {
  const names: Record<keyof LoansReport['days'], Bilingual> = {
    rest: { vi: 'sau ba tuần nghỉ', en: 'after three weeks of rest' },
    monthEnd: { vi: 'cuối tháng', en: 'an end of a month' },
    usual: { vi: 'một ngày thường', en: 'a usual day' },
  };
  const row = (name: keyof LoansReport['days']) => {
    const { loans, entries, seconds, bare } = days[name];
    return `  ${say(names[name]).padEnd(32)} ${[loans, entries].map((count) => count.toLocaleString('en').padStart(11)).join('')} ${seconds.toFixed(1).padStart(9)} s ${bare.toFixed(1).padStart(8)} s ${(seconds / bare).toFixed(1).padStart(6)} ×`;
  };
  return [
    say({
      vi: 'Khóa sổ: khoản vay, bút toán, thời gian, SQL viết tay, tỉ lệ (≤ 4 ×)',
      en: 'Ends of days: loans, entries, time, bare SQL, ratio (≤ 4 ×)',
    }),
    say({
      vi: `Tải của máy trước khi đo: ${loadBefore.toFixed(2)}`,
      en: `Load of the machine before: ${loadBefore.toFixed(2)}`,
    }),
    ...(['monthEnd', 'usual', 'rest'] as const).map(row),
    say({
      vi: `Mở một khoản vay nhiều giao dịch: ${opening.rest.toFixed(1)} ms, câu hỏi SQL ${opening.bare.toFixed(1)} ms, ${(opening.rest / opening.bare).toFixed(1)} × (< 3 ×)`,
      en: `Opening a loan of many transactions: ${opening.rest.toFixed(1)} ms, the bare query ${opening.bare.toFixed(1)} ms, ${(opening.rest / opening.bare).toFixed(1)} × (< 3 ×)`,
    }),
    say({
      vi: `Bộ nhớ lớn nhất của tiến trình: ${peakRssMb.afterFirst} MiB sau lần đầu, ${peakRssMb.worker} MiB sau cùng`,
      en: `Peak memory of the worker: ${peakRssMb.afterFirst} MiB after the first, ${peakRssMb.worker} MiB at the end`,
    }),
  ].join('\n');
}
