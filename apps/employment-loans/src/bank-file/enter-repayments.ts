import { createHash } from 'node:crypto';
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
import type { RepaymentFault } from '../bank-exception/bank-exception.codes.js';
import { moveCapital } from '../capital/capital-ledger.js';
import { bookLedger } from '../loan/keep-book.js';
import { contractsOfLoans, eventsOfLoans } from '../loan/loan-events.js';
import { system } from '../loan/move-loan.js';
import { moveByBook } from '../loan/settle-state.js';
import { keepStandings } from '../loan/standing.js';

/** A payment that the bank received for a loan. */
export interface BankPayment {
  row: number;
  loanId: string;
  amount: string;
  on: string;
  reference: string;
  group: string | null;
  paymentKey: string;
}

/** What became of a payment: the event that it is, or why the loan did not take it. */
export type Entered = { payment: BankPayment } & ({ event: number } | { fault: RepaymentFault });

interface Paper {
  fileId: string;
  actor: Pick<Actor, 'id' | 'name'>;
  today: string;
}

interface NewMove {
  loanId: string;
  number: number;
  kind: LoanMoveKind;
  from: LoanState;
  to: LoanState;
  /** Of a payment; null for what the book says by itself. */
  payment: BankPayment | null;
}

/** A loan in hand: locked, its book folded, and what was done to it and is not written yet. */
interface OpenLoan {
  id: string;
  code: string;
  planId: string;
  state: LoanState;
  moves: number;
  contract: LoanContract;
  events: LoanEvent[];
  book: LoanBook;
  closedThrough: string;
  isAwaited: boolean;
  /** What was granted and never went out. */
  unused: bigint;
  newMoves: NewMove[];
  entries: { event: number; entry: LoanEntry }[];
}

/**
 * Books payments of many loans, in their order: each a move by its receipt and an event of the book, with the postings that the
 * ledger lacks by it, also of a past day. Loans are folded one by one in memory, and written by a few statements for all of them.
 * Lock order: loan, book, capital accounts, audit head.
 */
export async function enterRepayments(
  tx: Transaction,
  payments: readonly BankPayment[],
  paper: Paper,
): Promise<{ entered: Entered[]; digest: string }> {
  const loans = await openLoans(tx, [...new Set(payments.map(({ loanId }) => loanId))]);
  const entered = payments.map((payment): Entered => {
    const fault = take(loans.get(payment.loanId)!, payment, paper.today);
    return fault ? { payment, fault } : { payment, event: loans.get(payment.loanId)!.events.length };
  });
  const changed = [...loans.values()].filter(({ newMoves }) => newMoves.length > 0);
  await writeMoves(tx, changed, paper);
  await writeEvents(tx, entered, changed, paper);
  await bookLedger.post(tx, changed.flatMap(ledgerEntriesOf));
  await keepStandings(
    tx,
    changed.map(({ id, contract, events, book }) => ({ loanId: id, contract, events: events.length, book })),
  );
  await releaseUnused(tx, changed);
  return { entered, digest: digestOf(changed) };
}

async function openLoans(tx: Transaction, ids: readonly string[]): Promise<Map<string, OpenLoan>> {
  const rows = (await tx.query(
    `SELECT id, code, plan_id AS "planId", state, moves, granted_amount AS granted FROM loan
     WHERE id = ANY($1::uuid[]) ORDER BY id FOR NO KEY UPDATE`,
    [ids],
  )) as (Pick<OpenLoan, 'id' | 'code' | 'planId' | 'state' | 'moves'> & { granted: string | null })[];
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
  const events = await eventsOfLoans(tx, ids);
  const throughOf = new Map(books.map(({ id, through }) => [id, through]));
  const sentOf = new Map(sent.map((each) => [each.id, each]));
  return new Map(
    rows.map(({ granted, ...loan }) => {
      const contract = contracts.get(loan.id)!.terms;
      const known = events.get(loan.id) ?? [];
      const { paid = '0', isAwaited = false } = sentOf.get(loan.id) ?? {};
      const open: OpenLoan = {
        ...loan,
        contract,
        events: known,
        book: bookOn(contract, known, throughOf.get(loan.id)!),
        closedThrough: closing!.day,
        isAwaited,
        unused: BigInt(granted!) - BigInt(paid),
        newMoves: [],
        entries: [],
      };
      return [loan.id, open];
    }),
  );
}

/** Folds the payment into the loan. A second one finds what the first has left. */
function take(loan: OpenLoan, payment: BankPayment, today: string): RepaymentFault | null {
  if (loan.state === 'closed') return 'LOAN_CLOSED';
  if (!findLoanMove(loan.state, 'repay')) return 'LOAN_NOT_OWING';
  const number = loan.events.length + 1;
  const event = {
    id: String(number),
    kind: 'repaid',
    on: payment.on,
    amount: BigInt(payment.amount),
  } as const;
  const events: LoanEvent[] = [...loan.events, { ...event, recordedOn: today }];
  const through = [loan.book.position.on, loan.closedThrough, payment.on].sort().at(-1)!;
  let book: LoanBook;
  try {
    book = bookOn(loan.contract, events, through);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return 'BOOK_REFUSES';
  }
  for (const entry of entriesToAdd(loan.book.entries, book.entries))
    loan.entries.push({ event: number, entry });
  Object.assign(loan, { events, book });
  addMove(loan, 'repay', payment);
  const ofToday = through === today ? book : bookOn(loan.contract, events, today);
  const { isAwaited } = loan;
  for (
    let kind = moveByBook(loan.state, { book: ofToday, events, isAwaited });
    kind !== undefined;
    kind = moveByBook(loan.state, { book: ofToday, events, isAwaited })
  )
    addMove(loan, kind, null);
  return null;
}

function addMove(loan: OpenLoan, kind: LoanMoveKind, payment: BankPayment | null): void {
  const from = loan.state;
  const to = findLoanMove(from, kind)!.to ?? from;
  loan.moves += 1;
  loan.state = to;
  loan.newMoves.push({ loanId: loan.id, number: loan.moves, kind, from, to, payment });
}

/** The first move of every loan, then the second of those that have one: each leads from the one before. */
async function writeMoves(
  tx: Transaction,
  loans: readonly OpenLoan[],
  { actor, fileId }: Paper,
): Promise<void> {
  const most = Math.max(0, ...loans.map(({ newMoves }) => newMoves.length));
  for (let round = 0; round < most; round += 1) {
    const moves = loans.flatMap(({ newMoves }) => newMoves[round] ?? []);
    const of = <T>(value: (move: NewMove) => T) => moves.map(value);
    const by = (move: NewMove) => (move.payment ? actor : system);
    await tx.query(
      `INSERT INTO loan_move (loan_id, number, kind, from_state, to_state, decision, decided_on, has_decision, facts, actor_id, actor_name)
       SELECT loan_id, number, kind, from_state, to_state, decision, decided_on, decision IS NOT NULL, facts, actor_id, actor_name
       FROM unnest($1::uuid[], $2::int[], $3::text[], $4::text[], $5::text[], $6::text[], $7::date[], $8::jsonb[], $9::text[], $10::text[])
         AS made (loan_id, number, kind, from_state, to_state, decision, decided_on, facts, actor_id, actor_name)`,
      [
        of(({ loanId }) => loanId),
        of(({ number }) => number),
        of(({ kind }) => kind),
        of(({ from }) => from),
        of(({ to }) => to),
        of(({ payment }) => payment?.reference ?? null),
        of(({ payment }) => payment?.on ?? null),
        of(({ payment }) => JSON.stringify(payment ? factsOf(payment, fileId) : {})),
        of((move) => by(move).id),
        of((move) => by(move).name),
      ],
    );
    await tx.query(
      `UPDATE loan SET moves = made.number, state = made.to_state
       FROM unnest($1::uuid[], $2::int[], $3::text[]) AS made (loan_id, number, to_state) WHERE loan.id = made.loan_id`,
      [of(({ loanId }) => loanId), of(({ number }) => number), of(({ to }) => to)],
    );
  }
}

const factsOf = ({ on, row, group }: BankPayment, fileId: string) => ({ on, bankFile: fileId, row, group });

async function writeEvents(
  tx: Transaction,
  entered: readonly Entered[],
  loans: readonly OpenLoan[],
  { today, fileId }: Paper,
): Promise<void> {
  const moveOf = new Map(
    loans.flatMap(({ newMoves }) => newMoves.map(({ payment, number }) => [payment, number] as const)),
  );
  const booked = entered.filter((each) => 'event' in each);
  if (booked.length === 0) return;
  const of = <T>(value: (each: (typeof booked)[number]) => T) => booked.map(value);
  await tx.query(
    `INSERT INTO loan_event (loan_id, number, kind, counts_on, recorded_on, facts, move)
     SELECT loan_id, number, 'repaid', counts_on, $6::date, jsonb_build_object('amount', amount::text), move
     FROM unnest($1::uuid[], $2::int[], $3::date[], $4::bigint[], $5::int[]) AS paid (loan_id, number, counts_on, amount, move)`,
    [
      of(({ payment }) => payment.loanId),
      of(({ event }) => event),
      of(({ payment }) => payment.on),
      of(({ payment }) => payment.amount),
      of(({ payment }) => moveOf.get(payment)!),
      today,
    ],
  );
  await tx.query(
    `INSERT INTO bank_repayment (payment_key, loan_id, event, amount, counts_on, file_id, row_no)
     SELECT payment_key, loan_id, event, amount, counts_on, $7::uuid, row_no
     FROM unnest($1::text[], $2::uuid[], $3::int[], $4::bigint[], $5::date[], $6::int[])
       AS paid (payment_key, loan_id, event, amount, counts_on, row_no)`,
    [
      of(({ payment }) => payment.paymentKey),
      of(({ payment }) => payment.loanId),
      of(({ event }) => event),
      of(({ payment }) => payment.amount),
      of(({ payment }) => payment.on),
      of(({ payment }) => payment.row),
      fileId,
    ],
  );
}

/** The event is part of the reference, as where one is recorded alone: the unique index refuses what would book it twice. */
function ledgerEntriesOf({ id, entries }: OpenLoan) {
  return entries.map(({ event, entry }, index) => ({
    owner: id,
    kind: entry.kind,
    reference: `${event}/${index + 1}`,
    postings: entry.postings,
    notes: { counts_on: entry.on, cause: entry.cause },
  }));
}

async function releaseUnused(tx: Transaction, loans: readonly OpenLoan[]): Promise<void> {
  for (const { state, unused, planId, code, moves } of loans)
    if (state === 'closed' && unused > 0n)
      await moveCapital(tx, planId, 'release', { reference: `${code}/${moves}`, amount: unused });
}

/** Over each loan: how many events it has, what was posted, and its state. */
function digestOf(loans: readonly OpenLoan[]): string {
  const hash = createHash('sha256');
  for (const { id, events, entries, state } of loans)
    hash.update(`${id} ${events.length} ${entries.length} ${state}\n`);
  return hash.digest('hex');
}
