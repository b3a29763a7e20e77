import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { todayInVietnam } from '@ansinh/calendar';
import type { EmploymentLoansClient, Loan, RegistryClient } from '@ansinh/client';
import type { StepProgress } from '../demo/progress.js';
import { eachOf } from './each-of.js';
import { loanProduct, type PlannedLoan } from './loan-plan.js';

export interface LoanPeople {
  /** By the code of the office whose desk it is. */
  desks: Record<string, EmploymentLoansClient>;
  bank: EmploymentLoansClient;
  province: EmploymentLoansClient;
  planner: EmploymentLoansClient;
}

/** A loan that was ordered, with whom its job is for. */
interface LentTo {
  loan: Loan;
  office: string;
  personId: string;
}

const atOnce = 8;
const lookMs = 500;
const termMonths = 36;
/** Of loans for which the law names no rate. Parts per million a year. */
const ratePpm = 79_200;

/** The registry says who the borrowers are. */
export async function findBorrowers(
  registry: RegistryClient,
  loans: readonly PlannedLoan[],
): Promise<string[]> {
  const text = `citizenNumber\n${loans.map(({ worker }) => `${worker.citizenNumber}\n`).join('')}`;
  const ids: string[] = [];
  const purpose = { code: 'listCheck', note: 'Thẩm định hồ sơ vay vốn' } as const;
  const list = { type: 'text/csv', open: () => Readable.from([text]) } as const;
  for await (const { personId } of registry.people.lookUp(list, { purpose })) {
    if (personId === null) throw new Error('A borrower is not in the registry');
    ids.push(personId);
  }
  return ids;
}

/** Capital, and every loan from its application to the order of its money, each move made by whom it belongs to. */
export async function lend(
  people: LoanPeople,
  loans: readonly PlannedLoan[],
  ids: readonly string[],
  progress: StepProgress,
): Promise<LentTo[]> {
  const amount = loans.reduce((sum, loan) => sum + loan.amount, 0n).toString();
  const year = Number(todayInVietnam().slice(0, 4));
  const plan = await people.planner.plans.create({ placeCode: '27', year, source: 'central' });
  await people.planner.plans.decide(plan.id, { amount, decision: '15/QĐ-UBND' });
  const lent: LentTo[] = [];
  await eachOf(loans.entries(), atOnce, async ([index, planned]) => {
    const personId = ids[index]!;
    const loan = await lendTo(people, planned, { personId, planId: plan.id, number: index + 1 });
    lent.push({ loan, office: planned.office, personId });
    progress.update(lent.length);
  });
  return lent;
}

interface Borrowing {
  personId: string;
  planId: string;
  number: number;
}

async function lendTo(
  { desks, bank, province }: LoanPeople,
  { worker, office, placeCode, amount, job }: PlannedLoan,
  { personId, planId, number }: Borrowing,
): Promise<Loan> {
  const desk = desks[office]!;
  const on = todayInVietnam();
  const paper = (kind: string) => ({ decision: { number: `${number}/${kind}`, on } });
  const applied = await desk.loans.apply({
    productCode: loanProduct,
    placeCode,
    borrower: { kind: 'worker', name: worker.name, personId, isPriority: false },
    amount: amount.toString(),
    termMonths,
    project: { name: 'Hộ kinh doanh', purpose: 'Mua máy móc, nguyên liệu', otherSources: [], collateral: [] },
    workers: [{ personId, name: worker.name, kind: job }],
  });
  const confirmed = await desk.loans.confirm(applied, { ...paper('XN'), outcome: 'confirmed' });
  const appraised = await bank.loans.appraise(confirmed, { ...paper('TĐ'), outcome: 'eligible', ratePpm });
  const approved = await province.loans.approve(appraised, {
    ...paper('QĐ'),
    outcome: 'approved',
    capitalPlanId: planId,
  });
  const account = {
    payeeId: worker.citizenNumber,
    bankBin: worker.bankBin,
    account: worker.account,
    holder: worker.name,
  };
  const signed = await bank.loans.sign(approved, { ...paper('HĐ'), account, disbursedOn: on });
  return bank.loans.disburse(signed, paper('GN'));
}

/** Puts what was ordered on lists until nothing waits. @returns ids of the lists and codes of their batches, when these wait for an approval */
export async function sendLoans(
  { bank }: Pick<LoanPeople, 'bank'>,
  count: number,
  input: { fundId: string; programmeCode: string; purpose: string },
  signal: AbortSignal,
): Promise<{ id: string; batchCode: string }[]> {
  const sent: { id: string; batchCode: string }[] = [];
  for (let rows = 0; rows < count;) {
    let list = await bank.lists.send({ ...input, channel: 'iso20022-http' });
    rows += list.rows;
    while (list.state !== 'submitted') {
      if (list.problem) throw new Error(`${list.problem.code}: ${list.problem.title}`);
      await sleep(lookMs, undefined, { signal });
      list = await bank.lists.get(list.id);
    }
    sent.push({ id: list.id, batchCode: list.batchCode! });
  }
  return sent;
}

/** Until the bank's answers have reached the loans. */
export async function awaitLent(
  { bank }: Pick<LoanPeople, 'bank'>,
  lists: readonly { id: string }[],
  signal: AbortSignal,
): Promise<void> {
  for (const { id } of lists) {
    while ((await bank.lists.get(id)).state !== 'settled') await sleep(lookMs, undefined, { signal });
  }
}

/** The commune looks whether the money is used, and who works by it: only then a job counts. */
export async function checkUse({ desks }: Pick<LoanPeople, 'desks'>, lent: readonly LentTo[]): Promise<void> {
  const decision = { number: '1/BB-KT', on: todayInVietnam() };
  await eachOf(lent.values(), atOnce, async ({ loan, office, personId }) => {
    const desk = desks[office]!;
    await desk.loans.checkUse(await desk.loans.get(loan.id), { decision, workers: [personId] });
  });
}
