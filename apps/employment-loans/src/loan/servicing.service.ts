import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { type Actor, scopeOf } from '@ansinh/auth';
import { todayInVietnam } from '@ansinh/calendar';
import { inTransaction, type Transaction } from '@ansinh/database';
import { type Command, Commands } from '@ansinh/idempotency';
import { type LoanEvent, type LoanMoveKind, statementOf } from '@ansinh/loans';
import { problems, ProblemError } from '@ansinh/problem';
import { digestOf } from '../audit/record-digest.js';
import { closedBy, tellEvents } from '../event/tell-events.js';
import { contractOfLoan, eventsOf, type NewEvent } from './loan-events.js';
import { bookView } from './book-view.js';
import { keptLoan, recordEvent } from './keep-book.js';
import type { LoanView } from './loan.dto.js';
import { loanProblems } from './loan.problems.js';
import { findLoan, type LoanRow } from './loan-rows.js';
import { applyMove, effectOf } from './move-loan.js';
import type { BookQuery, BookView, RecordedMove, ReverseEvent } from './servicing.dto.js';
import { settleState } from './settle-state.js';

/** An event without its day: what a move gives to the book. */
export type EventFacts = NewEvent extends infer Event
  ? Event extends NewEvent
    ? Omit<Event, 'on'>
    : never
  : never;

interface Recording {
  id: string;
  version: number;
  command: Command;
  input: RecordedMove;
}

/** What happens to a loan once its money is out: each is a move with its paper, and an event of the book. */
@Injectable()
export class ServicingService {
  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    private readonly commands: Commands,
  ) {}

  /**
   * Records an event that counts from its day, today or before: what has been posted since is reversed and posted anew.
   * @throws ProblemError LOAN_STATE, LOAN_DAY, LOAN_EVENT
   */
  async record(kind: LoanMoveKind, event: EventFacts, recording: Recording): Promise<LoanView> {
    return this.write(recording, kind, event);
  }

  /** As if the event had never been. Of a payment that closed the loan, it opens it again. */
  async reverse(recording: Recording & { input: ReverseEvent }): Promise<LoanView> {
    const event = { kind: 'reversed', event: String(recording.input.event) } as const;
    return this.write(recording, (loan) => (loan.state === 'closed' ? 'reopen' : 'reverse'), event);
  }

  /** The book of a loan: what was owed before, what happened, what is owed, and what falls due. */
  async book(id: string, query: BookQuery, actor: Actor): Promise<BookView> {
    const on = query.on ?? todayInVietnam();
    return inTransaction(this.dataSource, scopeOf(actor), async (tx) => {
      const loan = await findLoan(tx, id);
      const contract = await contractOfLoan(tx, id);
      if (!contract) throw new ProblemError(loanProblems.state, { extensions: { state: loan.state } });
      const events = await eventsOf(tx, id);
      const from = query.from ?? firstDayOf(events, on);
      if (from > on) throw new ProblemError(loanProblems.day);
      return bookView(statementOf(contract.terms, events, from, on, query.knownOn));
    });
  }

  private async write(
    { id, version, command, input }: Recording,
    kind: LoanMoveKind | ((loan: LoanRow) => LoanMoveKind),
    facts: EventFacts,
  ): Promise<LoanView> {
    const verb = typeof kind === 'string' ? `loan.${kind}` : 'loan.reverse';
    return this.commands.run(command, verb, async (tx) => {
      const loan = await findLoan(tx, id, 'FOR NO KEY UPDATE');
      if (loan.moves !== version) throw new ProblemError(problems.preconditionFailed);
      const today = todayInVietnam();
      const { decision } = input;
      const event = { ...facts, on: input.on ?? decision.on } as NewEvent;
      if (event.on > today || decision.on > today) throw new ProblemError(loanProblems.day);
      const before = await digestOf(tx, 'loan', id);
      const move = { kind: typeof kind === 'string' ? kind : kind(loan), decision };
      const moved = await applyMove(tx, loan, { ...move, facts: { on: event.on } }, command.actor);
      const after = await keepEvent(tx, moved, event, today);
      return effectOf(tx, after, before, { event: event.kind, on: event.on, state: after.state });
    });
  }
}

/** Records an event of a move that was just made, and lets the book say what state the loan is in by it. */
async function keepEvent(tx: Transaction, moved: LoanRow, event: NewEvent, today: string): Promise<LoanRow> {
  const kept = await keptLoan(tx, moved.id);
  const { book, events, told } = await recordEvent(tx, kept, event, { move: moved.moves, today });
  const settled = await settleState(tx, moved, { book, events });
  const isClosed = moved.state !== 'closed' && settled.state === 'closed';
  await tellEvents(tx, isClosed ? [...told, closedBy(settled.id, settled.moves)] : told);
  return settled;
}

/** Of the whole statement: the first day that anything counts from. */
const firstDayOf = (events: readonly LoanEvent[], on: string): string =>
  events.map((event) => event.on).reduce((first, day) => (day < first ? day : first), on);
