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

/** Lists at once: while one of them waits for its commit, another one is read. */
const atOnce = 2;
/** Loans that an office signs on one paper. */
const rowsOfList = 100;
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
  const borrowings = loans.map((planned, index) => ({
    planned,
    personId: ids[index]!,
    planId: plan.id,
    number: index + 1,
  }));
  const lent: LentTo[] = [];
  await eachOf(
    listsOf(borrowings, ({ planned }) => planned.office),
    atOnce,
    async (list) => {
      lent.push(...(await lendTo(people, list)));
      progress.update(lent.length);
    },
  );
  return lent;
}

/** By office, so many as stand on one paper. */
function* listsOf<Row>(rows: readonly Row[], officeOf: (row: Row) => string): Generator<Row[]> {
  for (const ofOffice of Map.groupBy(rows, officeOf).values()) {
    for (let first = 0; first < ofOffice.length; first += rowsOfList)
      yield ofOffice.slice(first, first + rowsOfList);
  }
}

interface Borrowing {
  planned: PlannedLoan;
  personId: string;
  planId: string;
  number: number;
}

/** Loans of one office, from their applications to the order of their money. */
async function lendTo(
  { desks, bank, province }: LoanPeople,
  borrowings: readonly Borrowing[],
): Promise<LentTo[]> {
  const { office } = borrowings[0]!.planned;
  const desk = desks[office]!;
  const on = todayInVietnam();
  const seen = <Body extends object>(loans: readonly Loan[], kind: string, body: (of: Borrowing) => Body) =>
    loans.map(({ id, version }, index) => {
      const of = borrowings[index]!;
      return { id, version, decision: { number: `${of.number}/${kind}`, on }, ...body(of) };
    });
  const applied = await desk.loanLists.apply(borrowings.map(applicationOf));
  const confirmed = await desk.loanLists.confirm(seen(applied, 'XN', () => ({ outcome: 'confirmed' })));
  const appraised = await bank.loanLists.appraise(
    seen(confirmed, 'TĐ', () => ({ outcome: 'eligible', ratePpm })),
  );
  const approved = await province.loanLists.approve(
    seen(appraised, 'QĐ', ({ planId }) => ({ outcome: 'approved', capitalPlanId: planId })),
  );
  const signed = await bank.loanLists.sign(
    seen(approved, 'HĐ', ({ planned }) => ({ account: accountOf(planned), disbursedOn: on })),
  );
  const ordered = await bank.loanLists.disburse(seen(signed, 'GN', () => ({})));
  return ordered.map((loan, index) => ({ loan, office, personId: borrowings[index]!.personId }));
}

const applicationOf = ({ personId, planned: { worker, placeCode, amount, job } }: Borrowing) => ({
  productCode: loanProduct,
  placeCode,
  borrower: { kind: 'worker', name: worker.name, personId, isPriority: false },
  amount: amount.toString(),
  termMonths,
  project: { name: 'Hộ kinh doanh', purpose: 'Mua máy móc, nguyên liệu', otherSources: [], collateral: [] },
  workers: [{ personId, name: worker.name, kind: job }],
});

const accountOf = ({ worker: { citizenNumber, bankBin, account, name } }: PlannedLoan) => ({
  payeeId: citizenNumber,
  bankBin,
  account,
  holder: name,
});

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
  await eachOf(
    listsOf(lent, ({ office }) => office),
    atOnce,
    async (list) => {
      const { loanLists } = desks[list[0]!.office]!;
      // Ordered, and then paid: the bank's answer was one move of each.
      const rows = list.map(({ loan, personId }) => ({
        id: loan.id,
        version: loan.version + 1,
        decision,
        workers: [personId],
      }));
      await loanLists.checkUse(rows);
    },
  );
}
