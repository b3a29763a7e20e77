import { todayInVietnam } from '@ansinh/calendar';
import { communeToday, officeCovers } from '@ansinh/places';
import { evaluate, type Facts } from '@ansinh/policy';
import { Random } from '@ansinh/samples';
import type { Figure } from './figures.js';
import { Deal, solveMix } from './mix.js';
import type { Employer, Staff, Worker } from './province.js';

/** Somebody who borrows for his own job, or his employer who does, and whether the loan makes the job or keeps it. */
export interface PlannedLoan {
  worker: Worker;
  /** null where the worker borrows. */
  employer: Employer | null;
  /** Office of the district whose desk receives it, and the commune as it is today. */
  office: string;
  placeCode: string;
  amount: bigint;
  job: 'created' | 'kept';
}

/** What is usually asked for, in đồng; what lies above the ceiling of the law is left out. */
const usual = [
  { amount: 30_000_000n, weight: 25 },
  { amount: 50_000_000n, weight: 45 },
  { amount: 70_000_000n, weight: 20 },
  { amount: 100_000_000n, weight: 10 },
];
/** Larger ones are no small enterprises: they do not borrow (Decree 80/2021/NĐ-CP, article 5). */
const smallEnterpriseWorkersMax = 200;

/** Days of places are those of before the reform: people of lists of 2022 live there. */
const listedOn = '2022-01-01';

/** A worker to whom the commune and the bank have no objection. */
const eligible: Facts = {
  purpose: 'job',
  borrower: 'worker',
  hasCivilCapacity: true,
  isNeedConfirmed: true,
  isResidentThere: true,
};

interface LoanFigures {
  borrowers: Figure;
  amount: Figure;
  jobs: Figure;
}

/**
 * Workers who live in the area of some offices, so many as borrowed, with lawful amounts that add up to the published sum, and jobs that
 * their loans make for so many of them. For the first worker of a small enterprise this borrows, for the others they themselves.
 */
export function* planLoans(
  { borrowers, amount, jobs }: LoanFigures,
  { staff, offices, seed }: { staff: Iterable<Staff>; offices: readonly string[]; seed: number },
): Generator<PlannedLoan, void, undefined> {
  const { computed: ceiling } = evaluate('employment-loan-ceiling', eligible, todayInVietnam());
  const shares = usual.filter((each) => each.amount <= ceiling);
  const random = new Random(seed);
  const count = Number(borrowers.atLeast);
  const counts = solveMix(shares, { count, atLeast: amount.atLeast, below: amount.below }, random);
  const amounts = new Deal(counts, random);
  const created = Number(jobs.atLeast);
  const kinds = new Deal([created, Math.max(0, count - created)], random);
  for (const { employer, workers } of staff) {
    const placeCode = communeToday(employer.placeCode, listedOn);
    const office = placeCode && offices.find((code) => officeCovers(code, placeCode));
    if (!placeCode || !office) continue;
    for (const [index, worker] of workers.entries()) {
      if (amounts.rest === 0) return;
      const share = shares[amounts.draw()]!;
      const borrows = index === 0 && employer.workers <= smallEnterpriseWorkersMax;
      const job = kinds.draw() === 0 ? 'created' : 'kept';
      yield { worker, employer: borrows ? employer : null, office, placeCode, amount: share.amount, job };
    }
  }
  throw new RangeError(`${amounts.rest} borrowers too few live there`);
}
