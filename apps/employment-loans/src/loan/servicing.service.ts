import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { type Actor, scopeOf } from '@ansinh/auth';
import { todayInVietnam } from '@ansinh/calendar';
import { type Command, Commands } from '@ansinh/idempotency';
import { bookOn, type LoanEvent, type LoanMoveKind, statementOf } from '@ansinh/loans';
import { problems, ProblemError } from '@ansinh/problem';
import { digestOf } from '../audit/record-digest.js';
import { findBookSources, type NewEvent } from './loan-events.js';
import { bookView } from './book-view.js';
import { type BookInHand, booksOf, recordInHand, writeBooks } from './books-in-hand.js';
import type { LoanView } from './loan.dto.js';
import { loanProblems, refusedFor, wrongState } from './loan.problems.js';
import { type LoanRow, viewOf } from './loan-rows.js';
import { requireMove, takeLoans } from './loans-in-hand.js';
import type { BookQuery, BookView, RecordedMove, ReverseEvent } from './servicing.dto.js';

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
    const sources = await findBookSources(this.dataSource, scopeOf(actor), id);
    if (!sources) throw new ProblemError(loanProblems.notFound);
    const { state, contract, events } = sources;
    if (!contract) throw wrongState(state);
    const from = query.from ?? firstDayOf(events, on);
    if (from > on) throw new ProblemError(loanProblems.day);
    return bookView(statementOf(contract, events, from, on, query.knownOn));
  }

  private async write(
    { id, version, command, input }: Recording,
    kind: LoanMoveKind | ((loan: LoanRow) => LoanMoveKind),
    facts: EventFacts,
  ): Promise<LoanView> {
    const verb = typeof kind === 'string' ? `loan.${kind}` : 'loan.reverse';
    return this.commands.run(command, verb, async (tx) => {
      const [taken] = await takeLoans(tx, [id]);
      if (!taken) throw new ProblemError(loanProblems.notFound);
      if (taken.moves !== version) throw new ProblemError(problems.preconditionFailed);
      const today = todayInVietnam();
      const { decision } = input;
      const event = { ...facts, on: input.on ?? decision.on } as NewEvent;
      if (event.on > today || decision.on > today) throw new ProblemError(loanProblems.day);
      const before = await digestOf(tx, 'loan', id);
      const move = { kind: typeof kind === 'string' ? kind : kind(taken), decision, facts: { on: event.on } };
      // Before its book is looked at, which it may not have.
      requireMove(taken, move.kind);
      const [loan] = (await booksOf(tx, [taken])) as [BookInHand];
      requireCredit(loan, event, today);
      take(loan, move, event, { by: command.actor, today });
      await writeBooks(tx, [loan], today);
      return {
        result: viewOf(loan),
        subject: `loan/${loan.code}`,
        before,
        after: await digestOf(tx, 'loan', id),
        facts: { event: event.kind, on: event.on, state: loan.state },
      };
    });
  }
}

/**
 * What is given back has to be the borrower's, on its day and now: more would be lent to him without an approval.
 * @throws ProblemError LOAN_EVENT
 */
function requireCredit({ contract, events }: BookInHand, event: NewEvent, today: string): void {
  if (event.kind !== 'refunded') return;
  for (const on of [event.on, today]) {
    const { credit } = bookOn(contract, events, on).position;
    if (event.amount > credit)
      throw new ProblemError(loanProblems.event, {
        detail: {
          vi: `Ngày ${on} người vay có ${credit} đồng nộp thừa.`,
          en: `On ${on} the borrower has ${credit} đồng to his credit.`,
        },
      });
  }
}

/** @throws ProblemError LOAN_EVENT for what makes no sense by the book */
function take(...recorded: Parameters<typeof recordInHand>): void {
  try {
    recordInHand(...recorded);
  } catch (error) {
    throw refusedFor(error, loanProblems.event);
  }
}

/** Of the whole statement: the first day that anything counts from. */
const firstDayOf = (events: readonly LoanEvent[], on: string): string =>
  events.map((event) => event.on).reduce((first, day) => (day < first ? day : first), on);
