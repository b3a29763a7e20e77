import type { Actor } from '@ansinh/auth';
import type { Transaction } from '@ansinh/database';
import {
  bookOn,
  collectedBy,
  entriesToAdd,
  type LoanBook,
  type LoanContract,
  type LoanEntry,
  type LoanEvent,
  type LoanMoveKind,
} from '@ansinh/loans';
import { moveCapitalOfMany } from '../capital/capital-ledger.js';
import { closedBy, eventsOfBook, tellEvents, type ToldEvent } from '../event/tell-events.js';
import { disbursedOfLoans } from './disbursements.js';
import { bookLedger } from './book-ledger.js';
import { contractsOfLoans, eventsOfLoans, factsOf, type NewEvent } from './loan-events.js';
import { type LoanInHand, moveInHand, takeLoans, writeMoves } from './loans-in-hand.js';
import { lastMoveOf, type Move, system } from './move-loan.js';
import { moveByBook } from './settle-state.js';
import { keepStandings, standingOf } from './standing.js';

type By = Pick<Actor, 'id' | 'name'>;

/** A loan in hand that has a contract, with its book. */
export interface BookInHand extends LoanInHand {
  contract: LoanContract;
  events: readonly LoanEvent[];
  book: LoanBook;
  /** The last day that was closed for all loans: what is recorded later is posted until then. */
  closedThrough: string;
  isAwaited: boolean;
  /** What was granted and never went out. */
  unused: bigint;
  newEvents: { number: number; event: NewEvent; move: number }[];
  entries: { event: number; entry: LoanEntry }[];
  told: ToldEvent[];
}

/**
 * Takes many loans with a contract in hand by a few statements. What is done to them then is done in memory, loan by loan, until
 * `writeBooks` writes all of it. Lock order: loan, book, capital accounts, event head, audit head.
 */
export async function takeBooks(tx: Transaction, ids: readonly string[]): Promise<Map<string, BookInHand>> {
  const books = await booksOf(tx, await takeLoans(tx, ids));
  return new Map(books.map((loan) => [loan.id, loan]));
}

/** The same of loans that were taken already. Each of them has a contract. */
export async function booksOf(tx: Transaction, loans: readonly LoanInHand[]): Promise<BookInHand[]> {
  const ids = loans.map(({ id }) => id);
  const books = (await tx.query(
    `SELECT loan_id AS id, booked_through::text AS through FROM loan_book
     WHERE loan_id = ANY($1::uuid[]) ORDER BY loan_id FOR NO KEY UPDATE`,
    [ids],
  )) as { id: string; through: string }[];
  const [closing] = (await tx.query(
    `SELECT coalesce(max(day)::text, '') AS day FROM loan_closing WHERE state = 'closed'`,
  )) as { day: string }[];
  const disbursed = await disbursedOfLoans(tx, ids);
  const contracts = await contractsOfLoans(tx, ids);
  const events = await eventsOfLoans(tx, ids);
  const throughOf = new Map(books.map(({ id, through }) => [id, through]));
  return loans.map((loan) => {
    const contract = contracts.get(loan.id)!.terms;
    const known = events.get(loan.id) ?? [];
    const { paid, isAwaited, released } = disbursed(loan.id);
    return {
      ...loan,
      contract,
      events: known,
      book: bookOn(contract, known, throughOf.get(loan.id)!),
      closedThrough: closing!.day,
      isAwaited,
      unused: BigInt(loan.granted_amount!) - paid - released,
      newEvents: [],
      entries: [],
      told: [],
    };
  });
}

/**
 * Makes a move with its event of the book, and the moves that the book makes by itself from there. A second event finds what the
 * first has left. What was approved and never paid out goes back when the loan is closed by it.
 * @param today the day of the recording
 * @throws RangeError for what makes no sense by the book; the loan is as it was then
 */
export function recordInHand(
  loan: BookInHand,
  move: Move,
  event: NewEvent,
  { by, today }: { by: By; today: string },
): void {
  const number = loan.events.length + 1;
  const recorded = { ...event, id: String(number), recordedOn: today } as LoanEvent;
  const events = [...loan.events, recorded];
  const through = [loan.book.position.on, loan.closedThrough, event.on].sort().at(-1)!;
  const book = bookOn(loan.contract, events, through);
  const ofToday = through === today ? book : bookOn(loan.contract, events, today);
  moveInHand(loan, move, by);
  for (const entry of entriesToAdd(loan.book.entries, book.entries))
    loan.entries.push({ event: number, entry });
  loan.newEvents.push({ number, event, move: loan.moves });
  loan.told.push(...eventsOfBook(loan.id, book, loan.book.position.on));
  const amount = collectedBy(book.entries) - collectedBy(loan.book.entries);
  loan.capital.push({ planId: loan.plan_id!, kind: 'collection', reference: lastMoveOf(loan), amount });
  Object.assign(loan, { events, book });
  settleInHand(loan, ofToday);
}

/** Makes the moves that the book makes by itself. @param book as of the day of the recording */
export function settleInHand(loan: BookInHand, book: LoanBook): void {
  const before = loan.state;
  const next = (): LoanMoveKind | undefined => moveByBook(loan.state, { ...loan, book });
  for (let kind = next(); kind !== undefined; kind = next()) moveInHand(loan, { kind }, system);
  const { id, state, plan_id: planId, moves, unused } = loan;
  if (before === 'closed' || state !== 'closed') return;
  loan.told.push(closedBy(id, moves));
  loan.unused = 0n;
  if (unused > 0n)
    loan.capital.push({ planId: planId!, kind: 'release', reference: lastMoveOf(loan), amount: unused });
}

/** Writes what was done to loans in hand: by a few statements for all of them. */
export async function writeBooks(
  tx: Transaction,
  loans: readonly BookInHand[],
  today: string,
): Promise<void> {
  await writeMoves(tx, loans);
  const recorded = loans.filter(({ newEvents }) => newEvents.length > 0);
  if (recorded.length > 0) {
    await writeEvents(tx, recorded, today);
    await bookLedger.post(tx, recorded.flatMap(ledgerEntriesOf));
    await keepStandings(
      tx,
      recorded.map(({ id, contract, events, book }) =>
        standingOf(id, { contract, events: events.length, book }),
      ),
    );
  }
  await moveCapitalOfMany(
    tx,
    loans.flatMap(({ capital }) => capital),
  );
  await tellEvents(
    tx,
    loans.flatMap(({ told }) => told),
  );
}

async function writeEvents(tx: Transaction, loans: readonly BookInHand[], today: string): Promise<void> {
  const written = loans.flatMap(({ id, newEvents }) => newEvents.map((each) => ({ loanId: id, ...each })));
  const of = <T>(value: (each: (typeof written)[number]) => T) => written.map(value);
  await tx.query(
    `INSERT INTO loan_event (loan_id, number, kind, counts_on, recorded_on, facts, move)
     SELECT loan_id, number, kind, counts_on, $7::date, facts, move
     FROM unnest($1::uuid[], $2::int[], $3::text[], $4::date[], $5::jsonb[], $6::int[])
       AS recorded (loan_id, number, kind, counts_on, facts, move)`,
    [
      of(({ loanId }) => loanId),
      of(({ number }) => number),
      of(({ event }) => event.kind),
      of(({ event }) => event.on),
      of(({ event }) => factsOf(event)),
      of(({ move }) => move),
      today,
    ],
  );
}

/** The event is part of the reference: the unique index refuses what would book it twice. */
function ledgerEntriesOf({ id, entries }: BookInHand) {
  return entries.map(({ event, entry }, index) => ({
    owner: id,
    kind: entry.kind,
    reference: `${event}/${index + 1}`,
    postings: entry.postings,
    notes: { counts_on: entry.on, cause: entry.cause },
  }));
}
