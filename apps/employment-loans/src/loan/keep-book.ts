import type { Transaction } from '@ansinh/database';
import { Ledger } from '@ansinh/ledger';
import {
  bookOn,
  entriesToAdd,
  type LoanAccount,
  type LoanBook,
  type LoanContract,
  type LoanEntry,
  type LoanEvent,
} from '@ansinh/loans';
import { ProblemError } from '@ansinh/problem';
import { eventsOfBook, type ToldEvent } from '../event/tell-events.js';
import { loanProblems } from './loan.problems.js';
import { contractOfLoan, eventsOf, factsOf, type NewEvent } from './loan-events.js';
import { keepStandings } from './standing.js';

export const bookAccounts = [
  'capital',
  'principal',
  'overduePrincipal',
  'interestReceivable',
  'overdueInterestReceivable',
  'interestIncome',
  'writeOff',
  'borrowerCredit',
] as const satisfies readonly LoanAccount[];

export const bookLedger = new Ledger<LoanAccount, LoanEntry['kind'], 'counts_on' | 'cause'>({
  name: 'book',
  ownerColumn: 'loan_id',
  notes: { counts_on: 'date', cause: 'text' },
});

/** A loan with what its book is folded from, locked. */
export interface KeptLoan {
  loanId: string;
  contract: LoanContract;
  events: readonly LoanEvent[];
  /** The ledger has everything until the end of that day. */
  bookedThrough: string;
  /** The last day that was closed for all loans: what is recorded later is posted until then. */
  closedThrough: string;
}

/** @throws Error for a loan without a contract: it has no book */
export async function keptLoan(tx: Transaction, loanId: string): Promise<KeptLoan> {
  const [book] = (await tx.query(
    `SELECT booked_through::text, (SELECT max(day)::text FROM loan_closing WHERE state = 'closed') AS closed_through
     FROM loan_book WHERE loan_id = $1 FOR NO KEY UPDATE`,
    [loanId],
  )) as { booked_through: string; closed_through: string | null }[];
  const contract = await contractOfLoan(tx, loanId);
  if (!book || !contract) throw new Error(`loan ${loanId} has no contract`);
  const events = await eventsOf(tx, loanId);
  return {
    loanId,
    contract: contract.terms,
    events,
    bookedThrough: book.booked_through,
    closedThrough: book.closed_through ?? '',
  };
}

/**
 * Records one event, and posts what the ledger lacks by it, in the transaction of its move. Where it counts from a past day, what
 * was posted since is reversed and posted anew.
 * @param today the day of the recording
 * @returns `told`: what the caller tells others of, when all else is written
 * @throws ProblemError LOAN_EVENT for what makes no sense by the book
 */
export async function recordEvent(
  tx: Transaction,
  kept: KeptLoan,
  event: NewEvent,
  { move, today }: { move: number; today: string },
): Promise<{ book: LoanBook; events: readonly LoanEvent[]; told: ToldEvent[] }> {
  const number = kept.events.length + 1;
  const recorded = { ...event, id: String(number), recordedOn: today } as LoanEvent;
  const events = [...kept.events, recorded];
  const through = [kept.bookedThrough, kept.closedThrough, event.on].sort().at(-1)!;
  const before = bookOn(kept.contract, kept.events, kept.bookedThrough);
  const after = foldOf(kept.contract, events, through);
  await tx.query(
    `INSERT INTO loan_event (loan_id, number, kind, counts_on, recorded_on, facts, move) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
    [kept.loanId, number, event.kind, event.on, today, factsOf(event), move],
  );
  await bookLedger.post(
    tx,
    entriesToAdd(before.entries, after.entries).map((entry, index) => ({
      owner: kept.loanId,
      kind: entry.kind,
      reference: `${number}/${index + 1}`,
      postings: entry.postings,
      notes: { counts_on: entry.on, cause: entry.cause },
    })),
  );
  const { loanId, contract } = kept;
  await keepStandings(tx, [{ loanId, contract, events: number, book: after }]);
  const told = eventsOfBook(loanId, after, kept.bookedThrough);
  return { book: foldOf(contract, events, today), events, told };
}

/** @throws ProblemError LOAN_EVENT */
function foldOf(contract: LoanContract, events: readonly LoanEvent[], day: string): LoanBook {
  try {
    return bookOn(contract, events, day);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new ProblemError(loanProblems.event, { extensions: { reason: error.message } });
  }
}
