import { createHash } from 'node:crypto';
import { recordAudit, worker } from '@ansinh/audit';
import type { Transaction } from '@ansinh/database';
import { bookOn, type LoanEntry, type LoanState } from '@ansinh/loans';
import { eventsOfBook, tellEvents, type ToldEvent } from '../event/tell-events.js';
import { bookLedger } from '../loan/book-ledger.js';
import { contractsOfLoans, eventsOfLoans } from '../loan/loan-events.js';
import { applyMoves } from '../loan/move-loan.js';
import { keepStandings, type Standing, standingOf } from '../loan/standing.js';

interface WokenLoan {
  id: string;
  state: LoanState;
  through: string;
  /** Null for a book from before closings counted them. */
  entries: number | null;
}

/** What is written of a loan. Its book is let go once this is known: the books of a chunk are most of what it would hold. */
interface ClosedLoan {
  standing: Standing;
  state: LoanState;
  isFrozen: boolean;
  added: LoanEntry[];
  told: ToldEvent[];
}

/**
 * Closes up to so many loans that have to be looked at until a day: posts what their books have gained, and makes the moves that
 * time alone makes. Whatever a loan missed while nobody closed days comes by the same fold. A loan that a command holds is
 * passed by, and found again later. Lock order: loan, book, closing, event head,
 * audit head.
 * @returns how many loans; 0 when no other one is free
 */
export async function closeChunk(tx: Transaction, day: string, loansMax: number): Promise<number> {
  const woken = await wokenLoans(tx, day, loansMax);
  if (woken.length === 0) return 0;
  const closed = await closedLoans(tx, woken, day);
  await bookLedger.post(
    tx,
    closed.flatMap((loan) => entriesOf(loan, day)),
  );
  await keepStandings(
    tx,
    closed.map(({ standing }) => standing),
  );
  const moves = await moveByTime(tx, closed);
  const entries = closed.reduce((sum, { added }) => sum + added.length, 0);
  const digest = digestOf(closed);
  const [[closing]] = (await tx.query(
    `UPDATE loan_closing SET chunks = chunks + 1, done = done + $2, entries = entries + $3, moves = moves + $4
     WHERE day = $1 RETURNING chunks, office_code AS office`,
    [day, closed.length, entries, moves],
  )) as [[{ chunks: number; office: string }], number];
  await tx.query(
    `INSERT INTO loan_closing_chunk (day, number, loans, entries, moves, digest) VALUES ($1, $2, $3, $4, $5, $6)`,
    [day, closing.chunks, closed.length, entries, moves, digest],
  );
  await tellEvents(
    tx,
    closed.flatMap(({ told }) => told),
  );
  await recordAudit(tx, {
    ...worker,
    office: closing.office,
    verb: 'loanClosing.chunk',
    subject: `loanClosing/${day}`,
    requestId: `closing-${day}-${closing.chunks}`,
    before: null,
    after: digest,
    facts: { loans: closed.length, entries, moves },
  });
  return closed.length;
}

/** The loan is locked before its book is read: an event that was being recorded is in it then. */
async function wokenLoans(tx: Transaction, day: string, loansMax: number): Promise<WokenLoan[]> {
  const locked = (await tx.query(
    `SELECT loan.id FROM loan_book book JOIN loan ON loan.id = book.loan_id
     WHERE book.wakes_on <= $1 ORDER BY book.wakes_on, book.loan_id LIMIT $2 FOR NO KEY UPDATE OF loan SKIP LOCKED`,
    [day, loansMax],
  )) as { id: string }[];
  return (await tx.query(
    `SELECT loan.id, loan.state, book.booked_through::text AS through, book.entries
     FROM loan_book book JOIN loan ON loan.id = book.loan_id
     WHERE book.loan_id = ANY($1::uuid[]) AND book.wakes_on <= $2 ORDER BY loan.id FOR NO KEY UPDATE OF book`,
    [locked.map(({ id }) => id), day],
  )) as WokenLoan[];
}

async function closedLoans(tx: Transaction, woken: readonly WokenLoan[], day: string): Promise<ClosedLoan[]> {
  const ids = woken.map(({ id }) => id);
  const contracts = await contractsOfLoans(tx, ids);
  const eventsOf = await eventsOfLoans(tx, ids);
  return woken.map(({ id, state, through, entries }) => {
    const contract = contracts.get(id)!.terms;
    const events = eventsOf.get(id) ?? [];
    // What was recorded of a later day than the one that is closed is in the ledger already.
    const book = bookOn(contract, events, through > day ? through : day);
    const booked = entries ?? bookOn(contract, events, through).entries.length;
    return {
      standing: standingOf(id, { contract, events: events.length, book }),
      state,
      isFrozen: book.position.frozenUntil !== null,
      added: book.entries.slice(booked),
      told: eventsOfBook(id, book, through),
    };
  });
}

/** The day is part of the reference: the unique index refuses what would close it twice. */
const entriesOf = ({ standing: { loanId }, added }: ClosedLoan, day: string) =>
  added.map(({ kind, postings, on, cause }, index) => ({
    owner: loanId,
    kind,
    reference: `${day}/${index + 1}`,
    postings,
    notes: { counts_on: on, cause },
  }));

/** A freeze ends, and what is not paid becomes arrears. Nothing else happens to a loan by time alone. */
async function moveByTime(tx: Transaction, closed: readonly ClosedLoan[]): Promise<number> {
  const move = async (kind: 'thaw' | 'fallOverdue', becomes: LoanState, moved: ClosedLoan[]) => {
    for (const loan of moved) loan.state = becomes;
    await applyMoves(
      tx,
      kind,
      moved.map(({ standing }) => standing.loanId),
    );
    return moved.length;
  };
  const isThawed = ({ state, isFrozen }: ClosedLoan) => state === 'frozen' && !isFrozen;
  const isLate = ({ state, standing }: ClosedLoan) => state === 'active' && standing.daysPastDue > 0;
  // A loan that thaws late is overdue on the same day.
  const thawed = await move('thaw', 'active', closed.filter(isThawed));
  return thawed + (await move('fallOverdue', 'overdue', closed.filter(isLate)));
}

function digestOf(closed: readonly ClosedLoan[]): string {
  const hash = createHash('sha256');
  for (const { standing, added, state } of closed)
    hash.update(`${standing.loanId} ${added.length} ${state}\n`);
  return hash.digest('hex');
}
