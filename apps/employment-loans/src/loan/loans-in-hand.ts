import type { Actor } from '@ansinh/auth';
import type { Transaction } from '@ansinh/database';
import {
  bookOn,
  entriesToAdd,
  findLoanMove,
  type LoanBook,
  type LoanContract,
  type LoanEntry,
  type LoanEvent,
  type LoanMoveKind,
  type LoanState,
} from '@ansinh/loans';
import { ProblemError } from '@ansinh/problem';
import { type CapitalMove, moveCapitalOfMany } from '../capital/capital-ledger.js';
import { closedBy, eventsOfBook, tellEvents, type ToldEvent } from '../event/tell-events.js';
import { bookLedger } from './keep-book.js';
import { contractsOfLoans, eventsOfLoans, factsOf, type NewEvent } from './loan-events.js';
import { loanProblems } from './loan.problems.js';
import { type Move, system } from './move-loan.js';
import { moveByBook } from './settle-state.js';
import { keepStandings } from './standing.js';

/** A move that changes nothing of a loan but its state. */
type PlainMove = Pick<Move, 'kind' | 'decision' | 'facts'>;
type By = Pick<Actor, 'id' | 'name'>;

/** A loan in hand: locked, its book folded, and what was done to it and is not written yet. */
export interface LoanInHand {
  id: string;
  code: string;
  officeCode: string;
  planId: string;
  state: LoanState;
  moves: number;
  contract: LoanContract;
  events: readonly LoanEvent[];
  book: LoanBook;
  /** The last day that was closed for all loans: what is recorded later is posted until then. */
  closedThrough: string;
  isAwaited: boolean;
  /** What was granted and never went out. */
  unused: bigint;
  newMoves: (PlainMove & { number: number; from: LoanState; to: LoanState; by: By })[];
  newEvents: { number: number; event: NewEvent; move: number }[];
  entries: { event: number; entry: LoanEntry }[];
  capital: CapitalMove[];
  told: ToldEvent[];
}

/**
 * Takes many loans with a contract in hand by a few statements. What is done to them then is done in memory, loan by loan, until
 * `writeInHand` writes all of it. Lock order: loan, book, capital accounts, event head, audit head.
 */
export async function takeInHand(tx: Transaction, ids: readonly string[]): Promise<Map<string, LoanInHand>> {
  const rows = (await tx.query(
    `SELECT id, code, office_code AS "officeCode", plan_id AS "planId", state, moves, granted_amount AS granted FROM loan
     WHERE id = ANY($1::uuid[]) ORDER BY id FOR NO KEY UPDATE`,
    [ids],
  )) as (Pick<LoanInHand, 'id' | 'code' | 'officeCode' | 'planId' | 'state' | 'moves'> & {
    granted: string;
  })[];
  const books = (await tx.query(
    `SELECT loan_id AS id, booked_through::text AS through FROM loan_book
     WHERE loan_id = ANY($1::uuid[]) ORDER BY loan_id FOR NO KEY UPDATE`,
    [ids],
  )) as { id: string; through: string }[];
  const [closing] = (await tx.query(
    `SELECT coalesce(max(day)::text, '') AS day FROM loan_closing WHERE state = 'closed'`,
  )) as { day: string }[];
  const sent = (await tx.query(
    `SELECT loan_id AS id, coalesce(sum(amount) FILTER (WHERE state = 'paid'), 0)::bigint AS paid,
       bool_or(state = 'ordered') AS "isAwaited"
     FROM disbursement WHERE loan_id = ANY($1::uuid[]) GROUP BY loan_id`,
    [ids],
  )) as { id: string; paid: string; isAwaited: boolean }[];
  const contracts = await contractsOfLoans(tx, ids);
  const events = await eventsOfLoans(
    tx,
    rows.map(({ id }) => id),
  );
  const throughOf = new Map(books.map(({ id, through }) => [id, through]));
  const sentOf = new Map(sent.map((each) => [each.id, each]));
  return new Map(
    rows.map(({ granted, ...loan }) => {
      const contract = contracts.get(loan.id)!.terms;
      const known = events.get(loan.id) ?? [];
      const { paid = '0', isAwaited = false } = sentOf.get(loan.id) ?? {};
      const inHand: LoanInHand = {
        ...loan,
        contract,
        events: known,
        book: bookOn(contract, known, throughOf.get(loan.id)!),
        closedThrough: closing!.day,
        isAwaited,
        unused: BigInt(granted) - BigInt(paid),
        newMoves: [],
        newEvents: [],
        entries: [],
        capital: [],
        told: [],
      };
      return [loan.id, inHand];
    }),
  );
}

/** @throws ProblemError LOAN_STATE */
export function moveInHand(loan: LoanInHand, move: PlainMove, by: By): void {
  const from = loan.state;
  const rule = findLoanMove(from, move.kind);
  if (!rule) throw new ProblemError(loanProblems.state, { extensions: { state: from } });
  const to = rule.to ?? from;
  loan.moves += 1;
  loan.state = to;
  loan.newMoves.push({ ...move, number: loan.moves, from, to, by });
}

/**
 * Makes a move with its event of the book, and the moves that the book makes by itself from there. A second event finds what the
 * first has left. What was approved and never paid out goes back when the loan is closed by it.
 * @param today the day of the recording
 * @throws RangeError for what makes no sense by the book; the loan is as it was then
 */
export function recordInHand(
  loan: LoanInHand,
  move: PlainMove,
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
  Object.assign(loan, { events, book });
  settleInHand(loan, ofToday);
}

function settleInHand(loan: LoanInHand, book: LoanBook): void {
  const before = loan.state;
  const next = (): LoanMoveKind | undefined => moveByBook(loan.state, { ...loan, book });
  for (let kind = next(); kind !== undefined; kind = next()) moveInHand(loan, { kind }, system);
  const { id, state, planId, code, moves, unused } = loan;
  if (before === 'closed' || state !== 'closed') return;
  loan.told.push(closedBy(id, moves));
  if (unused > 0n)
    loan.capital.push({ planId, kind: 'release', reference: `${code}/${moves}`, amount: unused });
}

/** Writes what was done to loans in hand: by a few statements for all of them. */
export async function writeInHand(
  tx: Transaction,
  loans: readonly LoanInHand[],
  today: string,
): Promise<void> {
  await writeMoves(tx, loans);
  const recorded = loans.filter(({ newEvents }) => newEvents.length > 0);
  if (recorded.length > 0) {
    await writeEvents(tx, recorded, today);
    await bookLedger.post(tx, recorded.flatMap(ledgerEntriesOf));
    await keepStandings(
      tx,
      recorded.map(({ id, contract, events, book }) => ({
        loanId: id,
        contract,
        events: events.length,
        book,
      })),
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

/** The first move of every loan, then the second of those that have one: each leads from the one before. */
async function writeMoves(tx: Transaction, loans: readonly LoanInHand[]): Promise<void> {
  const most = loans.reduce((max, { newMoves }) => Math.max(max, newMoves.length), 0);
  for (let round = 0; round < most; round += 1) {
    const moves = loans.flatMap(({ id, newMoves }) => {
      const move = newMoves[round];
      return move ? [{ loanId: id, ...move }] : [];
    });
    const of = <T>(value: (move: (typeof moves)[number]) => T) => moves.map(value);
    await tx.query(
      `INSERT INTO loan_move (loan_id, number, kind, from_state, to_state, decision, decided_on, note, has_decision, facts,
         actor_id, actor_name)
       SELECT loan_id, number, kind, from_state, to_state, decision, decided_on, note, decision IS NOT NULL, facts, actor_id,
         actor_name
       FROM unnest($1::uuid[], $2::int[], $3::text[], $4::text[], $5::text[], $6::text[], $7::date[], $8::text[], $9::jsonb[],
           $10::text[], $11::text[])
         AS made (loan_id, number, kind, from_state, to_state, decision, decided_on, note, facts, actor_id, actor_name)`,
      [
        of(({ loanId }) => loanId),
        of(({ number }) => number),
        of(({ kind }) => kind),
        of(({ from }) => from),
        of(({ to }) => to),
        of(({ decision }) => decision?.number ?? null),
        of(({ decision }) => decision?.on ?? null),
        of(({ decision }) => decision?.note ?? null),
        of(({ facts }) => JSON.stringify(facts ?? {})),
        of(({ by }) => by.id),
        of(({ by }) => by.name),
      ],
    );
    await tx.query(
      `UPDATE loan SET moves = made.number, state = made.to_state
       FROM unnest($1::uuid[], $2::int[], $3::text[]) AS made (loan_id, number, to_state) WHERE loan.id = made.loan_id`,
      [of(({ loanId }) => loanId), of(({ number }) => number), of(({ to }) => to)],
    );
  }
}

async function writeEvents(tx: Transaction, loans: readonly LoanInHand[], today: string): Promise<void> {
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

/** The event is part of the reference, as where one is recorded alone: the unique index refuses what would book it twice. */
function ledgerEntriesOf({ id, entries }: LoanInHand) {
  return entries.map(({ event, entry }, index) => ({
    owner: id,
    kind: entry.kind,
    reference: `${event}/${index + 1}`,
    postings: entry.postings,
    notes: { counts_on: entry.on, cause: entry.cause },
  }));
}
