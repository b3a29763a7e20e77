import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
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
    { jobs: 2, confirmed: 0 },
    { jobs: 2, confirmed: 2 },
  ]);
});

test('page by page, and a later finding has the last word', async () => {
  const workers = ['Giang', 'Hà', 'Khánh'].map(named);
  const loan = await checked([], { workers, isRepaid: false });
  const plant = (name: string, move: number, outcome: 'undecided' | 'notEmployed') => {
    const { personId } = workers.find((worker) => worker.name === name)!;
    const waitsFor = outcome === 'undecided' ? '{LJ-NOT-INSURED,LJ-INSURED-2024}' : '{}';
    return harness.dataSource.query(
      `INSERT INTO job_finding (loan_id, person_id, move, outcome, found_on, answered_at, contract_from, unconfirmed)
       VALUES ($1, $2, $3, $4, $5, now(), '2022-01-01', $6)`,
      [loan.id, personId, move, outcome, today(), waitsFor],
    );
  };
  await plant('Giang', 1, 'undecided');
  await plant('Giang', 2, 'notEmployed');
  await plant('Hà', 2, 'undecided');
  await plant('Khánh', 2, 'undecided');
  const page = (after: Awaited<ReturnType<typeof decideJobs>>) =>
    inTransaction(harness.dataSource, 'system', (tx) => decideJobs(tx, after, 1));
  const first = await page(null);
  expect(Object.values(await jobsOf(loan)).sort()).toEqual(['notEmployed', 'notInsured', 'undecided']);
  expect(await page(await page(first))).toBeNull();
  expect(await jobsOf(loan)).toEqual({ Giang: 'notEmployed', Hà: 'notInsured', Khánh: 'notInsured' });
});
