import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { addDays } from '@ansinh/calendar';
import { inTransaction } from '@ansinh/database';
import { decideJobs, JobDecider } from '../src/job/job-decider.js';
import type { JobView } from '../src/job/job.dto.js';
import type { LoanView } from '../src/loan/loan.dto.js';
import { type Harness, startHarness } from './harness.js';
import {
  approved,
  bankSays,
  bookOf,
  confirmLaw,
  decision,
  historyOf,
  moved,
  type Officers,
  officersOf,
  ordered,
  planned,
  read,
  staffFacts,
  today,
} from './lending.js';

let harness: Harness;
let officers: Officers;
let planId: string;
beforeAll(async () => {
  harness = await startHarness();
  officers = await officersOf(harness);
  planId = (await planned(officers.province, '9000000000')).id;
});
afterAll(() => harness.stop());

const named = (name: string) => ({ personId: randomUUID(), name, kind: 'created' });
type Worker = ReturnType<typeof named>;
const employerId = randomUUID();
const contract = { employerId, contractFrom: '2022-01-01', contractUntil: null };
const never = { insuredFrom: null, insuredUntil: null };

/** Of an enterprise, its money out and its workers found at work, and repaid where that is asked for. */
async function checked(
  atWork: Worker[],
  { workers = atWork, isRepaid = true }: { workers?: Worker[]; isRepaid?: boolean } = {},
): Promise<LoanView> {
  const borrower = { kind: 'smallEnterprise', name: 'Công ty Đồng Tâm', employerId };
  const asked = { productCode: 'EL-ESTABLISHMENT', borrower, facts: staffFacts(), workers };
  const loan = await ordered(officers, await approved(officers, planId, asked));
  await bankSays(harness, loan);
  const found = await moved(officers.commune, await read(officers.commune, loan), 'use-checks', {
    ...decision('BB-KT'),
    workers: atWork.map(({ personId }) => personId),
  });
  if (!isRepaid) return found;
  const { closing } = await bookOf(officers.bank, loan);
  const repaid = { ...decision('PT 1'), amount: closing.payoff };
  const closed = await moved(officers.bank, found, 'repayments', repaid);
  expect(closed.state).toBe('closed');
  return closed;
}

async function jobsOf({ id }: LoanView): Promise<Record<string, string>> {
  const { body } = await officers.commune.get(`/v1/loan-jobs?loanId=${id}`).expect(200);
  return Object.fromEntries((body as { items: JobView[] }).items.map(({ name, outcome }) => [name, outcome]));
}

const decide = () => new JobDecider(harness.dataSource).decideDue();

const findings = () =>
  harness.dataSource.query<object[]>(
    'SELECT outcome, judged, unconfirmed FROM job_finding ORDER BY person_id, judged',
  );

const decisions = () =>
  harness.dataSource.query<{ facts: object }[]>(
    `SELECT facts FROM audit_event WHERE verb = 'loanJob.decide' ORDER BY seq`,
  );

test('jobs of a loan that was repaid meanwhile are decided once what they wait for is confirmed', async () => {
  const [short, long, lapsed, twin] = ['An', 'Bình', 'Chi', 'Dung'].map(named);
  const month = { ...contract, contractFrom: today(), contractUntil: today(), ...never };
  harness.registry.says(short!.personId, { contracts: [month] });
  harness.registry.says(long!.personId, { contracts: [{ ...contract, ...never }] });
  // Insured once, and no more on the day of the check.
  const over = { insuredFrom: '2022-01-01', insuredUntil: today() };
  harness.registry.says(lapsed!.personId, { contracts: [{ ...contract, ...over }] });
  // Another record of somebody who is judged with him.
  harness.registry.says(twin!.personId, { standsForId: short!.personId, contracts: [month] });
  const loan = await checked([short!, long!, lapsed!]);
  const other = await checked([twin!], { isRepaid: false });
  const open = { An: 'undecided', Bình: 'undecided', Chi: 'undecided' };
  expect(await jobsOf(loan)).toEqual(open);

  await confirmLaw(officers.province, 'LJ-NOT-INSURED');
  await decide();
  // A contract of what length is insured waits as well.
  expect(await jobsOf(loan)).toEqual(open);

  await confirmLaw(officers.province, 'LJ-INSURED-2024');
  const before = await findings();
  await Promise.all([decide(), decide()]);
  expect(await jobsOf(loan)).toEqual({ An: 'undecided', Bình: 'notInsured', Chi: 'notInsured' });

  await confirmLaw(officers.province, 'LJ-SHORT');
  await decide();
  await decide();
  expect(await jobsOf(loan)).toEqual({ An: 'counted', Bình: 'notInsured', Chi: 'notInsured' });
  // A worker counts once, also under another record of his.
  expect(await jobsOf(other)).toEqual({ Dung: 'countedElsewhere' });
  expect((await historyOf(officers.commune, loan)).counted).toEqual([short!.personId]);
  expect((await historyOf(officers.commune, other)).counted).toEqual([]);
  // What the checks found is kept as it was found, and each was judged once more.
  const after = await findings();
  expect(after).toHaveLength(2 * before.length);
  expect(after.filter((each) => 'judged' in each && each.judged === 1)).toEqual(before);
  expect((await decisions()).map(({ facts }) => facts)).toEqual([
    { jobs: 2, counted: 0 },
    // As it was written: the twin counts elsewhere.
    { jobs: 2, counted: 1 },
  ]);
});

interface Planted {
  move?: number;
  outcome?: 'undecided' | 'notEmployed';
  foundOn?: string;
  contractFrom?: string;
  contractUntil?: string | null;
  /** Rows of law. */
  waitsFor?: string[];
}

/** As a check left it. */
const plant = ({ id }: LoanView, { personId }: Worker, planted: Planted = {}) => {
  const { move = 2, outcome = 'undecided', foundOn = today(), contractFrom = '2022-01-01' } = planted;
  const { contractUntil = null, waitsFor = outcome === 'undecided' ? ['LJ-INSURED-2024'] : [] } = planted;
  return harness.dataSource.query(
    `INSERT INTO job_finding (loan_id, person_id, move, outcome, found_on, answered_at, contract_from, contract_until, unconfirmed)
     VALUES ($1, $2, $3, $4, $5, now(), $6, $7, $8)`,
    [id, personId, move, outcome, foundOn, contractFrom, contractUntil, waitsFor],
  );
};

type Key = Awaited<ReturnType<typeof decideJobs>>;
const page = (after: Key, most = 1) =>
  inTransaction(harness.dataSource, 'system', (tx) => decideJobs(tx, after, most));

test('page by page, and a later finding has the last word', async () => {
  const workers = ['Giang', 'Hà', 'Khánh'].map(named);
  const loan = await checked([], { workers, isRepaid: false });
  const [left, second, third] = workers;
  await plant(loan, left!, { move: 1 });
  await plant(loan, left!, { outcome: 'notEmployed' });
  await plant(loan, second!);
  await plant(loan, third!);
  const first = await page(null);
  expect(Object.values(await jobsOf(loan)).sort()).toEqual(['notEmployed', 'notInsured', 'undecided']);
  expect(await page(await page(first))).toBeNull();
  expect(await jobsOf(loan)).toEqual({ Giang: 'notEmployed', Hà: 'notInsured', Khánh: 'notInsured' });
});

test('of two loans the one counts whose check was first, whatever their numbers and pages', async () => {
  const shared = named('Lan');
  const workers = [shared];
  const loans = [
    await checked([], { workers, isRepaid: false }),
    await checked([], { workers, isRepaid: false }),
  ];
  const [lower, higher] = loans.sort((a, b) => (a.id < b.id ? -1 : 1)) as [LoanView, LoanView];
  const foundOn = addDays(today(), -1);
  const short = { contractFrom: foundOn, contractUntil: today(), waitsFor: ['LJ-SHORT'] };
  await plant(lower, shared, short);
  await plant(higher, shared, { ...short, foundOn });
  expect(await page(await page(await page(null)))).toBeNull();
  expect([await jobsOf(higher), await jobsOf(lower)]).toEqual([
    { Lan: 'counted' },
    { Lan: 'countedElsewhere' },
  ]);
});

test('what waits no more by another release of the law is judged, and what still waits is not taken up', async () => {
  const workers = ['Mai', 'Nam', 'Oanh', 'Phúc'].map(named);
  const [verified, dropped, renamed, waiting] = workers;
  const loan = await checked([], { workers, isRepaid: false });
  await plant(loan, verified!, { waitsFor: ['LJ-INSURED', 'LJ-INSURED-2024'] });
  await plant(loan, dropped!, { waitsFor: ['LJ-THAT-WAS'] });
  // The law of that day waits for a row that nobody has confirmed, whatever it was called when the check was made.
  await plant(loan, renamed!, {
    waitsFor: ['LJ-THAT-WAS'],
    foundOn: '2017-12-31',
    contractFrom: '2017-01-01',
  });
  await plant(loan, waiting!, {
    ...{ foundOn: '2017-12-31', contractFrom: '2017-01-01' },
    waitsFor: ['LJ-NOT-INSURED', 'LJ-INSURED-2014'],
  });
  // Confirmed as it was once: the row says something else now.
  await harness.dataSource.query(
    `INSERT INTO law_confirmation (row_code, digest, basis, office_code, confirmed_by, confirmed_by_name, confirmed_on)
     VALUES ('LJ-INSURED-2014', $1, 'Công báo', '27', 'someone', 'Trần Văn Quyết', $2)`,
    ['f'.repeat(64), today()],
  );
  await decide();
  const open = { Mai: 'notInsured', Nam: 'notInsured', Oanh: 'undecided', Phúc: 'undecided' };
  expect(await jobsOf(loan)).toEqual(open);
  const of = ({ personId }: Worker) =>
    harness.dataSource.query<object[]>(
      'SELECT judged, unconfirmed FROM job_finding WHERE loan_id = $1 AND person_id = $2 ORDER BY judged',
      [loan.id, personId],
    );
  expect(await of(renamed!)).toEqual([
    { judged: 1, unconfirmed: ['LJ-THAT-WAS'] },
    { judged: 2, unconfirmed: ['LJ-INSURED-2014'] },
  ]);
  expect(await of(waiting!)).toHaveLength(1);
  const before = await decisions();
  expect(await page(null)).toBeNull();
  expect(await decisions()).toEqual(before);

  await confirmLaw(officers.province, 'LJ-INSURED-2014');
  await decide();
  expect(await jobsOf(loan)).toEqual({ ...open, Oanh: 'notInsured', Phúc: 'notInsured' });
});
