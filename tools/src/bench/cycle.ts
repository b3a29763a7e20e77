import { randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { createSocialProtectionClient, type SupportPayout, type SupportRun } from '@ansinh/client';
import { type Bilingual, say, startSuite, type Suite } from '@ansinh/embedded';
import { Random, sampleName } from '@ansinh/samples';
import { tell, WORKSPACE } from '../command.js';
import { signIn, tokenFor } from '../demo/sign-in.js';
import { secondsOf } from './clock.js';

interface CycleOptions {
  beneficiaries: number;
}

export interface CycleReport extends CycleOptions {
  /** Seconds of one statement that works out the same amounts of the same rows and sums them by commune. */
  bareSeconds: number;
  /** Seconds: decided and set beside the month before; signed; put on a payment list; taken in and checked as a batch. */
  steps: { decide: number; approve: number; list: number; import: number };
  changes: number;
  ratio: number;
  /** Resident memory of the service before the month, and the most that it came to in all. */
  rssBeforeMb: number;
  peakRssMb: number;
}

const ratioMax = 30;
const rowsOfList = 20_000;
/** One in so many dies, or is found to be worse, between the two months. */
const changedOneIn = 200;
const [before, month] = ['2022-03', '2022-04'];
const place = '09169';
const account = {
  bin: '970405',
  number: '2600201007777',
  name: 'SỞ LAO ĐỘNG - THƯƠNG BINH VÀ XÃ HỘI BẮC NINH',
};
const lookMs = 50;

/** A month of a province's allowances, from the register to a checked batch, beside the bare statement. */
export async function measureCycle(options: CycleOptions, signal: AbortSignal): Promise<CycleReport> {
  const { beneficiaries } = options;
  const suite = await startSuite({
    workspace: WORKSPACE,
    persistent: false,
    ports: 'free',
    without: ['gateway', 'registry', 'registryWorker'],
    environment: { LOG_LEVEL: 'warn', RATE_LIMIT_PER_MINUTE: '100000000' },
    onProgress: tell,
    signal,
  });
  const step = async <T>(vi: string, en: string, work: () => Promise<T>): Promise<T> => {
    signal.throwIfAborted();
    tell({ vi, en });
    return work();
  };
  try {
    const [maker, checker] = [clientOf(suite, 'maker'), clientOf(suite, 'checker1')];
    await step(`Ghi ${beneficiaries} đối tượng`, `Entering ${beneficiaries} beneficiaries`, async () => {
      for (let first = 0; first < beneficiaries; first += rowsOfList)
        await enter(maker, before, peopleFrom(first, Math.min(first + rowsOfList, beneficiaries)));
    });
    const fundId = await openFund(suite, beneficiaries);
    const pay = (run: SupportRun, of: string) =>
      maker.payouts.start(run.id, { fundId, channel: 'iso20022-http', purpose: `Trợ cấp tháng ${of}` });
    await step('Tháng trước', 'The month before', async () => {
      const run = await decide(maker, before);
      await approve(maker, checker, run);
      // As in life: what is on a list is not put on the next one.
      const payout = await pay(run, before);
      await awaitBatch(maker, run.id, payout.id, signal);
    });
    await step('Biến động', 'What is different', () => enter(maker, month, changedPeople(beneficiaries)));
    const bareSeconds = await bare(suite.ownerUrls['social-protection']!);
    const service = suite.services.find(({ name }) => name === 'social-protection')!;
    const rssBeforeMb = Math.ceil(service.peakRssMb());
    const steps = { decide: 0, approve: 0, list: 0, import: 0 };
    let run!: SupportRun;
    let payout!: SupportPayout;
    await step('Tháng được đo', 'The month that is measured', async () => {
      steps.decide = await secondsOf(async () => void (run = await decide(maker, month)));
      steps.approve = await secondsOf(() => approve(maker, checker, run));
      steps.list = await secondsOf(async () => void (payout = await pay(run, month)));
      steps.import = await secondsOf(() => awaitBatch(maker, run.id, payout.id, signal));
    });
    const { changes } = await maker.runs.summary(run.id);
    const seconds = Object.values(steps).reduce((sum, each) => sum + each, 0);
    return {
      ...options,
      bareSeconds,
      steps,
      changes: changes.reduce((sum, { decisions }) => sum + decisions, 0),
      ratio: seconds / bareSeconds,
      rssBeforeMb,
      peakRssMb: Math.ceil(service.peakRssMb()),
    };
  } finally {
    await suite.stop();
  }
}

type Client = ReturnType<typeof clientOf>;

const clientOf = (suite: Suite, user: string) =>
  createSocialProtectionClient({
    baseUrl: suite.addresses.socialProtection,
    getToken: () => tokenFor(suite, user),
    timeoutMs: 900_000,
  });

const header =
  'citizenNumber,name,bankBin,account,bornOn,disability,certificateOn,monthlyPension,decidedOn,diedOn\n';

const personOf = (index: number) => {
  const serial = String(index).padStart(6, '0');
  return { number: `027140${serial}`, account: `2600${serial}`, year: 1930 + (index % 90) };
};

/** Old, disabled, neither; born in any year of ninety. */
function* peopleFrom(first: number, end: number): Generator<string> {
  const random = new Random(first + 1);
  for (let index = first; index < end; index += 1) {
    const { number, account: written, year } = personOf(index);
    const degree = (['none', 'severe', 'extremelySevere'] as const)[index % 3]!;
    const certificate = degree === 'none' ? '' : '2021-08-20';
    yield `${number},${sampleName(random, 'female')},970405,${written},${year}-06-15,${degree},${certificate},0,2021-08-01,\n`;
  }
}

function* changedPeople(beneficiaries: number): Generator<string> {
  const random = new Random(2);
  for (let index = 0; index < beneficiaries; index += changedOneIn) {
    const { number, account: written, year } = personOf(index);
    const death = index % 2 === 0 ? '2022-03-20' : '';
    yield `${number},${sampleName(random, 'female')},970405,${written},${year}-06-15,extremelySevere,2021-08-20,0,2021-08-01,${death}\n`;
  }
}

async function enter(client: Client, appliesFrom: string, rows: Iterable<string>): Promise<void> {
  const text = header + [...rows].join('');
  const head = {
    programme: 'monthly-allowance',
    choice: 'register',
    months: appliesFrom,
    employerName: 'UBND phường',
    employerType: 'other',
    placeCode: place,
    receivedOn: '2022-03-01',
  } as const;
  const open = () => Readable.from([Buffer.from(text)]);
  const list = await client.lists.bring(head, { open, type: 'text/csv', idempotencyKey: randomUUID() });
  if (list.isRefused) throw new Error(`${list.blocked} of ${list.rows} rows were blocked`);
}

async function decide(client: Client, of: string): Promise<SupportRun> {
  const decidedOn = `${of}-10`;
  let run = await client.runs.start({ programme: 'monthly-allowance', decidedOn, month: of });
  while (run.state === 'deciding') run = await client.runs.decideNext(run.id);
  return run;
}

async function approve(maker: Client, checker: Client, { id, digest }: SupportRun): Promise<void> {
  await maker.runs.submit(id);
  await checker.runs.approve(id, digest!);
}

/** Until the disbursements have the list, have checked it, and wait for people. */
async function awaitBatch(
  client: Client,
  runId: string,
  payoutId: string,
  signal: AbortSignal,
): Promise<void> {
  for (;;) {
    signal.throwIfAborted();
    const { items } = await client.payouts.list(runId);
    const { state, problem } = items.find(({ id }) => id === payoutId)!;
    if (state === 'submitted') return;
    if (problem) throw new Error(`the payout does not go on: ${problem.code}, ${problem.title}`);
    await sleep(lookMs);
  }
}

async function openFund(suite: Suite, beneficiaries: number): Promise<string> {
  const operator = await signIn(suite, 'operator');
  await operator.programmes.put({ code: 'TCXH', name: 'Trợ cấp xã hội hằng tháng' });
  const fund = await operator.funds.create({
    code: 'TCXH',
    name: 'Kinh phí trợ giúp xã hội',
    budgetSource: 'Ngân sách tỉnh',
    programmeCodes: ['TCXH'],
    channel: 'iso20022-http',
    account,
  });
  // Two months of the highest allowance of anybody.
  const amount = String(2_000_000n * BigInt(beneficiaries));
  await operator.funds.allot(fund.id, { amount, reference: 'QĐ-TCXH' });
  return fund.id;
}

/** The amounts of the law for these people in one expression, of the statement that counts last: nobody's rights, no digest. */
const bareStatement = `
SELECT b.office_code, count(*), sum(CASE
  WHEN (s.facts->>'diedOn')::date < $1 THEN 0
  WHEN s.facts->>'disability' = 'extremelySevere' THEN CASE WHEN years BETWEEN 16 AND 59 THEN 720000 ELSE 900000 END
  WHEN s.facts->>'disability' = 'severe' THEN CASE WHEN years BETWEEN 16 AND 59 THEN 540000 ELSE 720000 END
  WHEN years >= 80 THEN 360000 ELSE 0 END) AS amount
FROM beneficiary b
CROSS JOIN LATERAL (SELECT facts FROM beneficiary_statement WHERE beneficiary_id = b.id AND applies_from <= $1
  ORDER BY applies_from DESC, id DESC LIMIT 1) s
CROSS JOIN LATERAL (SELECT extract(year FROM age($1::date + interval '1 month - 1 day', (s.facts->>'bornOn')::date)) AS years) born
GROUP BY b.office_code`;

/** The fastest of three: pages are in memory then. */
async function bare(url: string): Promise<number> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const took: number[] = [];
  for (let round = 0; round < 3; round += 1)
    took.push(await secondsOf(() => client.query(bareStatement, [`${month}-01`])));
  await client.end();
  return Math.min(...took);
}

/** The report for people, in the language of their terminal. */
export function tableOfCycle(report: CycleReport): string {
  const { beneficiaries, bareSeconds, steps, changes, ratio, rssBeforeMb, peakRssMb } = report;
  const line = (title: Bilingual, value: string) => `  ${say(title).padEnd(64)}${value.padStart(12)}`;
  const seconds = (value: number) => `${value.toFixed(2)} s`;
  const met = ratio < ratioMax ? '✓' : '✗';
  const count = beneficiaries.toLocaleString('en');
  return [
    say({ vi: `Một tháng của ${count} đối tượng`, en: `A month of ${count} beneficiaries` }),
    line(
      { vi: 'xét và so với tháng trước', en: 'decided and set beside the month before' },
      seconds(steps.decide),
    ),
    line({ vi: 'trình và phê duyệt', en: 'submitted and approved' }, seconds(steps.approve)),
    line({ vi: 'lập danh sách chi', en: 'put on a payment list' }, seconds(steps.list)),
    line(
      { vi: 'nhập và kiểm tra thành đợt chi', en: 'taken in and checked as a batch' },
      seconds(steps.import),
    ),
    line(
      { vi: 'một câu SQL trên cùng các dòng', en: 'one bare SQL aggregate over the same rows' },
      seconds(bareSeconds),
    ),
    line(
      { vi: `tỷ lệ (< ${ratioMax} ×) ${met}`, en: `ratio (< ${ratioMax} ×) ${met}` },
      `${ratio.toFixed(1)} ×`,
    ),
    line({ vi: 'dòng có biến động', en: 'lines that are different' }, changes.toLocaleString('en')),
    line(
      { vi: 'bộ nhớ trước và cao nhất', en: 'memory before, and at most' },
      `${rssBeforeMb} → ${peakRssMb} MB`,
    ),
  ].join('\n');
}
