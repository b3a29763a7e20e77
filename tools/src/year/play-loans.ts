import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { todayInVietnam } from '@ansinh/calendar';
import {
  everyItem,
  type EmploymentLoansClient,
  type ImportKind,
  type Loan,
  type RegistryClient,
} from '@ansinh/client';
import type { StepProgress } from '../demo/progress.js';
import { eachOf } from './each-of.js';
import type { PlannedLoan } from './loan-plan.js';
import type { Employer } from './province.js';

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

/** Whom a loan is for, by the registry. */
export interface BorrowerIds {
  personId: string;
  /** null where the worker borrows. */
  employerId: string | null;
}

/** They have worked there since, and are insured. */
const employedFrom = '2021-01-01';

/** Who borrows and employs enters the registry with the contracts of the workers: a job counts by them. */
export async function registerEmployers(
  registry: RegistryClient,
  loans: readonly PlannedLoan[],
): Promise<void> {
  const employing = loans.filter(({ employer }) => employer !== null);
  await enter(
    registry,
    'employers',
    ['taxCode,name,kind,placeCode'],
    employing,
    ({ employer, placeCode }) => [
      ...[employer!.taxCode, employer!.name, kindsOfEmployers[employer!.type], placeCode],
    ],
  );
  const contract = ['taxCode,citizenNumber,contractFrom,insuredFrom'];
  await enter(registry, 'employment', contract, employing, ({ employer, worker }) => [
    ...[employer!.taxCode, worker.citizenNumber, employedFrom, employedFrom],
  ]);
}

/** A list that enters whole. */
async function enter(
  registry: RegistryClient,
  kind: ImportKind,
  header: readonly string[],
  loans: readonly PlannedLoan[],
  cellsOf: (loan: PlannedLoan) => string[],
): Promise<void> {
  if (loans.length === 0) return;
  const text = [...header, ...loans.map((loan) => cellsOf(loan).join(','))].join('\n');
  const list = await registry.imports.check(kind, { type: 'text/csv', open: () => Readable.from([text]) });
  if (list.blocked > 0) throw new Error(`${list.blocked} rows of ${kind} do not enter the registry`);
  await registry.imports.enter(list);
}

const kindsOfEmployers: Record<Employer['type'], string> = {
  enterprise: 'enterprise',
  householdBusiness: 'businessHousehold',
};

/** The registry says who the borrowers are. */
export async function findBorrowers(
  registry: RegistryClient,
  loans: readonly PlannedLoan[],
): Promise<BorrowerIds[]> {
  const people = await findPeople(registry, loans);
  const employers = new Map<string, string>();
  for await (const { taxCode, id } of everyItem((page) => registry.employers.list(page)))
    employers.set(taxCode, id);
  return loans.map(({ employer }, index) => ({
    personId: people[index]!,
    employerId: employer && employers.get(employer.taxCode)!,
  }));
}

async function findPeople(registry: RegistryClient, loans: readonly PlannedLoan[]): Promise<string[]> {
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
  ids: readonly BorrowerIds[],
  progress: StepProgress,
): Promise<LentTo[]> {
  const amount = loans.reduce((sum, loan) => sum + loan.amount, 0n).toString();
  const year = Number(todayInVietnam().slice(0, 4));
  const plan = await people.planner.plans.create({ placeCode: '27', year, source: 'central' });
  await people.planner.plans.decide(plan.id, { amount, decision: '15/QĐ-UBND' });
  const borrowings = loans.map((planned, index) => ({
    planned,
    ...ids[index]!,
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

interface Borrowing extends BorrowerIds {
  planned: PlannedLoan;
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

/** From this amount on an establishment needs collateral (Decree 61/2015/NĐ-CP, article 27). */
const collateralFrom = 100_000_000n;
const workshop = { description: 'Nhà xưởng', value: '300000000' };

const applicationOf = ({ personId, employerId, planned }: Borrowing) => {
  const { worker, employer, placeCode, amount, job } = planned;
  return {
    productCode: employer ? 'EL-ESTABLISHMENT' : 'EL-WORKER',
    placeCode,
    borrower:
      employer && employerId
        ? { kind: kindsOfBorrowers[employer.type], name: employer.name, employerId }
        : { kind: 'worker', name: worker.name, personId },
    facts: employer ? staffFacts(employer) : [],
    amount: amount.toString(),
    termMonths,
    project: {
      name: 'Hộ kinh doanh',
      purpose: 'Mua máy móc, nguyên liệu',
      otherSources: [],
      collateral: employer && amount >= collateralFrom ? [workshop] : [],
    },
    workers: [{ personId, name: worker.name, kind: job }],
  };
};

/** None of them is of a group that borrows at half the rate. */
const staffFacts = ({ workers }: Employer) => [
  { fact: 'workers', value: String(workers), document: 'Danh sách lao động' },
  { fact: 'priorityWorkers', value: '0', document: 'Danh sách lao động' },
];

const kindsOfBorrowers: Record<Employer['type'], string> = {
  enterprise: 'smallEnterprise',
  householdBusiness: 'businessHousehold',
};

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
