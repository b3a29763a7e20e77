import { Injectable } from '@nestjs/common';
import type { Transaction } from '@ansinh/database';
import { type Command, Commands, type Effect } from '@ansinh/idempotency';
import { problems, ProblemError } from '@ansinh/problem';
import { Sealer } from '@ansinh/sealing';
import { digestsOf } from '../audit/record-digest.js';
import { moveCapitalOfMany } from '../capital/capital-ledger.js';
import { eachRow, type Refuse, refuseAlone, refuseOfList } from './listed-rows.js';
import type { LoanView } from './loan.dto.js';
import { loanProblems } from './loan.problems.js';
import { viewOf } from './loan-rows.js';
import { moveInHand, takeLoans, writeMoves } from './loans-in-hand.js';
import { type MoveInputs, type MoveRow, type MoveVerb, verbsOf } from './move-verbs.js';
import type { SeenLoan } from './loan-moves.dto.js';
import { nextMoveOf } from './move-loan.js';

/** What happens to a loan until its money is on the way. Each command names the version that its caller has seen. */
@Injectable()
export class LoanMovesService {
  private readonly verbs;

  constructor(
    private readonly commands: Commands,
    sealer: Sealer,
  ) {
    this.verbs = verbsOf(sealer);
  }

  /**
   * One move of one loan.
   * @throws ProblemError LOAN_NOT_FOUND, PRECONDITION_FAILED, LOAN_STATE, and what the verb itself refuses
   */
  async move<Verb extends MoveVerb>(
    verb: Verb,
    seen: SeenLoan,
    input: MoveInputs[Verb],
    command: Command,
  ): Promise<LoanView> {
    const asked = { verb, rows: [{ ...seen, ...input }], refuse: refuseAlone };
    return this.commands.run(
      command,
      `loan.${verb}`,
      async (tx) => (await this.make(tx, asked, command))[0]!,
    );
  }

  /**
   * The same move of many loans, as an office signs them: all of them or none, and each with its own row in the audit log.
   * @throws ProblemError what `move` refuses, with the `row` of the list, from 1, that it stands in
   */
  async moveAll<Verb extends MoveVerb>(
    verb: Verb,
    rows: readonly MoveRow<Verb>[],
    command: Command,
  ): Promise<LoanView[]> {
    const asked = { verb, rows, refuse: refuseOfList };
    return this.commands.runMany(command, `loan.${verb}`, (tx) => this.make(tx, asked, command));
  }

  /**
   * The loans are locked and read together, each is decided by itself in the order of the rows, and what was decided is written
   * together: by so many statements, however many loans they are. Lock order: loan, capital accounts, audit head.
   */
  private async make<Verb extends MoveVerb>(
    tx: Transaction,
    { verb, rows, refuse }: { verb: Verb; rows: readonly MoveRow<Verb>[]; refuse: Refuse },
    command: Command,
  ): Promise<Effect<LoanView>[]> {
    const taken = await takeLoans(
      tx,
      rows.map(({ id }) => id),
    );
    const loans = new Map(taken.map((loan) => [loan.id, loan]));
    const ids = [...loans.keys()];
    const before = await digestsOf(tx, 'loan', ids);
    const { decide, writeBehind } = await this.verbs[verb](tx, { ids, rows, command });
    const moved = eachRow(rows, refuse, (row) => {
      const loan = loans.get(row.id.toLowerCase());
      if (!loan) throw new ProblemError(loanProblems.notFound);
      if (loan.moves !== row.version) throw new ProblemError(problems.preconditionFailed);
      const reference = nextMoveOf(loan);
      const { capital, ...move } = decide(loan, row);
      moveInHand(loan, { ...move, decision: row.decision }, command.actor);
      if (capital) loan.capital.push({ ...capital, reference });
      return { loan, facts: { ...move.facts, decision: row.decision.number, state: loan.state } };
    });
    await moveCapitalOfMany(
      tx,
      moved.flatMap(({ loan }) => loan.capital),
      (error, move) =>
        refuse(
          error,
          moved.findIndex(({ loan }) => loan.capital.includes(move)),
        ),
    );
    await writeMoves(tx, taken);
    await writeBehind?.();
    const after = await digestsOf(tx, 'loan', ids);
    return moved.map(({ loan, facts }) => ({
      result: viewOf(loan),
      subject: `loan/${loan.code}`,
      before: before.get(loan.id)!,
      after: after.get(loan.id)!,
      facts,
    }));
  }
}
