import { Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import { todayInVietnam } from '@ansinh/calendar';
import { type Transaction, violatedConstraint } from '@ansinh/database';
import { type Command, Commands, type Effect } from '@ansinh/idempotency';
import { findLoanMove, type LoanMoveKind, type LoanProduct } from '@ansinh/loans';
import { officeCovers } from '@ansinh/places';
import { problems, ProblemError } from '@ansinh/problem';
import { Sealer } from '@ansinh/sealing';
import { digestOf } from '../audit/record-digest.js';
import { moveCapital } from '../capital/capital-ledger.js';
import { capitalProblems } from '../capital/capital.problems.js';
import { findCapitalPlan } from '../capital/capital.service.js';
import { isApprovingBody } from '../product/approving-body.js';
import { rateOf, requireLawful, termsOf } from './granted-terms.js';
import { bookAccounts, bookLedger } from './keep-book.js';
import { eachRow } from './listed-rows.js';
import { contractOfLoan } from './loan-events.js';
import { sealPayee } from './sealed-payee.js';
import type { DecidedMove, LoanView } from './loan.dto.js';
import type {
  AppraiseLoan,
  ApproveLoan,
  ConfirmLoan,
  OrderDisbursement,
  SeenLoan,
  SignLoan,
  UseCheck,
} from './loan-moves.dto.js';
import { loanProblems } from './loan.problems.js';
import { findLoan, type LoanRow, productOn } from './loan-rows.js';
import { applyMove, effectOf, type Move, nextMoveOf } from './move-loan.js';

/** What happens to a loan until its money is on the way. Each command names the version that its caller has seen. */
@Injectable()
export class LoanMovesService {
  constructor(
    private readonly commands: Commands,
    private readonly sealer: Sealer,
  ) {}

  /**
   * One move of one loan.
   * @throws ProblemError LOAN_NOT_FOUND, PRECONDITION_FAILED, LOAN_STATE, LOAN_SAME_OFFICER, and what the move itself refuses
   */
  async move<Verb extends MoveVerb>(
    verb: Verb,
    seen: SeenLoan,
    input: MoveInputs[Verb],
    command: Command,
  ): Promise<LoanView> {
    return this.commands.run(command, `loan.${verb}`, (tx) =>
      makeMove(tx, seen, this.moveOf[verb](input), command),
    );
  }

  /**
   * The same move of many loans, as an office signs them: all of them or none, and each with its own row in the audit log.
   * @throws ProblemError what `move` refuses, with the `row` of the list, from 1, that it stands in
   */
  async moveAll<Verb extends MoveVerb>(
    verb: Verb,
    rows: readonly (SeenLoan & MoveInputs[Verb])[],
    command: Command,
  ): Promise<LoanView[]> {
    return this.commands.runMany(command, `loan.${verb}`, async (tx) => {
      await lockLoans(
        tx,
        rows.map(({ id }) => id),
      );
      return eachRow(rows, (row) => makeMove(tx, row, this.moveOf[verb](row), command));
    });
  }

  private readonly moveOf: { [Verb in MoveVerb]: (input: MoveInputs[Verb]) => MoveOf } = {
    confirm: (input) => this.confirm(input),
    appraise: (input) => this.appraise(input),
    approve: (input) => this.approve(input),
    withdraw: (input) => this.withdraw(input),
    cancel: (input) => this.cancel(input),
    sign: (input) => this.sign(input),
    disburse: (input) => this.disburse(input),
    checkUse: (input) => this.checkUse(input),
  };

  /** The commune says that the borrower and the project are there. */
  private confirm(input: ConfirmLoan): MoveOf {
    const kind = input.outcome === 'confirmed' ? 'confirm' : 'refuse';
    return (_, loan) => {
      requireState(loan, 'applied');
      return { kind, decision: input.decision };
    };
  }

  /** @throws ProblemError LOAN_BORROWER, LOAN_CEILING, LOAN_TERM, LOAN_RATE, LOAN_COLLATERAL, LOAN_PRODUCT */
  private appraise(input: AppraiseLoan): MoveOf {
    return async (tx, loan) => {
      requireState(loan, 'confirmed');
      const { outcome, decision } = input;
      if (outcome !== 'eligible') return { kind: outcome === 'sentBack' ? 'sendBack' : 'refuse', decision };
      const product = productOn(loan.product_code, todayInVietnam());
      const amount = BigInt(input.amount ?? loan.amount);
      const termMonths = input.termMonths ?? loan.term_months;
      const granted = { amount, termMonths, ratePpm: rateOf(product, loan, input.ratePpm) };
      await requireLawful(tx, loan, granted);
      return { kind: 'appraise', decision, granted, facts: { amount: amount.toString(), termMonths } };
    };
  }

  /**
   * The competent body approves, and by that commits capital of the plan: two at once wait for each other at its accounts.
   * @throws ProblemError CAPITAL_PLAN_NOT_FOUND, CAPITAL_PLAN_ELSEWHERE, CAPITAL_EXHAUSTED, LOAN_OTHER_BODY,
   *   LOAN_SAME_OFFICER, and what an appraisal refuses, by the law of this day
   */
  private approve(input: ApproveLoan): MoveOf {
    return async (tx, loan, command) => {
      requireState(loan, 'appraised');
      const { decision } = input;
      if (input.outcome === 'refused') return { kind: 'refuse', decision };
      const amount = BigInt(input.amount ?? loan.granted_amount!);
      if (amount > BigInt(loan.granted_amount!)) throw new ProblemError(loanProblems.ceiling);
      const granted = { amount, termMonths: loan.granted_term_months!, ratePpm: loan.rate_ppm! };
      await requireLawful(tx, loan, granted);
      if (input.capitalPlanId === undefined) throw new ProblemError(capitalProblems.notFound);
      const planId = await this.planFor(tx, input.capitalPlanId, loan, { amount, command });
      await moveCapital(tx, planId, 'commitment', { reference: nextMoveOf(loan), amount });
      return { kind: 'approve', decision, granted, planId, facts: { amount: amount.toString(), planId } };
    };
  }

  /** For the borrower. What was committed is available again. */
  private withdraw({ decision }: DecidedMove): MoveOf {
    return async (tx, loan) => {
      requireMove(loan, 'withdraw');
      await releaseCommitted(tx, loan);
      return { kind: 'withdraw', decision };
    };
  }

  /** What was approved is not carried out. */
  private cancel({ decision }: DecidedMove): MoveOf {
    return async (tx, loan) => {
      requireMove(loan, 'cancel');
      await releaseCommitted(tx, loan);
      return { kind: 'cancel', decision };
    };
  }

  /**
   * The contract fixes the terms by which the book is kept, and the account that the money goes to. It is signed again with
   * another account when the bank has returned the money.
   * @throws ProblemError LOAN_SCHEDULE, LOAN_DAY
   */
  private sign(input: SignLoan): MoveOf {
    return async (tx, loan) => {
      requireState(loan, 'approved');
      const signedOn = input.decision.on;
      if (input.disbursedOn < signedOn || signedOn > todayInVietnam())
        throw new ProblemError(loanProblems.day);
      const product = productOn(loan.product_code, signedOn);
      return {
        kind: 'sign',
        decision: input.decision,
        facts: { productFrom: product.validFrom, disbursedOn: input.disbursedOn },
        behind: (moved: LoanRow) => this.insertContract(tx, moved, product, input),
      };
    };
  }

  /**
   * Orders that money goes out: all of it, or a tranche. It is on its way until the bank has said how it went.
   * @throws ProblemError LOAN_DISBURSEMENT
   */
  private disburse(input: OrderDisbursement): MoveOf {
    return async (tx, loan) => {
      const kind = loan.state === 'contracted' ? 'disburse' : 'disburseTranche';
      requireMove(loan, kind);
      const contract = (await contractOfLoan(tx, loan.id))!;
      const left = BigInt(loan.granted_amount!) - (await sentOf(tx, loan.id));
      const amount = input.amount === undefined ? left : BigInt(input.amount);
      if (amount > left || amount <= 0n || contract.terms.plan[0]!.dueOn <= todayInVietnam())
        throw new ProblemError(loanProblems.disbursement);
      await moveCapital(tx, loan.plan_id!, 'order', { reference: nextMoveOf(loan), amount });
      return {
        kind,
        decision: input.decision,
        facts: { amount: amount.toString() },
        behind: (moved: LoanRow) => insertDisbursement(tx, moved, contract.number, amount),
      };
    };
  }

  /** Whether the money is used for what it was lent for, and who works by it. @throws ProblemError LOAN_WORKER */
  private checkUse(input: UseCheck): MoveOf {
    const { decision, workers } = input;
    return async (tx, loan) => {
      const [named] = (await tx.query(
        'SELECT count(*)::int AS count FROM loan_worker WHERE loan_id = $1 AND person_id = ANY($2::uuid[])',
        [loan.id, workers],
      )) as { count: number }[];
      if (named!.count < workers.length) throw new ProblemError(loanProblems.worker);
      // A worker counts once: who counts for another loan already, whoever's it is, is passed over.
      await tx.query(
        `INSERT INTO loan_job (person_id, loan_id, move, counted_on)
         SELECT unnest($2::uuid[]), $1, $3, $4 ON CONFLICT (person_id) DO NOTHING`,
        [loan.id, workers, loan.moves + 1, decision.on],
      );
      return { kind: 'checkUse', decision, facts: { workers: workers.length } };
    };
  }

  /** @throws ProblemError CAPITAL_PLAN_NOT_FOUND, CAPITAL_PLAN_ELSEWHERE, LOAN_OTHER_BODY */
  private async planFor(
    tx: Transaction,
    planId: string,
    loan: LoanRow,
    { amount, command }: { amount: bigint; command: Command },
  ): Promise<string> {
    const plan = await findCapitalPlan(tx, planId);
    const today = todayInVietnam();
    const isOfYear = String(plan.year) === today.slice(0, 4);
    if (!isOfYear || !officeCovers(plan.place_code, loan.place_code))
      throw new ProblemError(capitalProblems.elsewhere);
    const { source, limit_below_province: limit } = plan;
    const limits = { source, limitBelowProvince: limit === null ? null : BigInt(limit) };
    if (!isApprovingBody(command.actor.office, limits, { amount, on: today }))
      throw new ProblemError(loanProblems.otherBody);
    return plan.id;
  }

  private async insertContract(
    tx: Transaction,
    loan: LoanRow,
    product: LoanProduct,
    { account, decision, disbursedOn, firstDueOn, dueDayOfMonth }: SignLoan,
  ): Promise<void> {
    const terms = termsOf(product, loan, { signedOn: decision.on, disbursedOn, firstDueOn, dueDayOfMonth });
    const [before] = (await tx.query(
      'SELECT coalesce(max(number), 0)::int AS number FROM loan_contract WHERE loan_id = $1',
      [loan.id],
    )) as { number: number }[];
    const number = before!.number + 1;
    if (number === 1) {
      await bookLedger.open(tx, loan.id, bookAccounts);
      await tx.query('INSERT INTO loan_book (loan_id, booked_through) VALUES ($1, $2)', [
        loan.id,
        decision.on,
      ]);
    }
    await tx.query(
      `INSERT INTO loan_contract (loan_id, number, move, contract_number, signed_on, product_from, terms, account_bin,
                                  account_holder, sealed_payee)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
      [
        loan.id,
        number,
        loan.moves,
        decision.number,
        decision.on,
        product.validFrom,
        terms,
        account.bankBin,
        account.holder,
        sealPayee(this.sealer, { loanId: loan.id, contract: number }, account),
      ],
    );
  }
}

/** What each move is asked with. */
interface MoveInputs {
  confirm: ConfirmLoan;
  appraise: AppraiseLoan;
  approve: ApproveLoan;
  withdraw: DecidedMove;
  cancel: DecidedMove;
  sign: SignLoan;
  disburse: OrderDisbursement;
  checkUse: UseCheck;
}
export type MoveVerb = keyof MoveInputs;

/** A move, and what is written behind it. */
type Decided = Move & { behind?: (moved: LoanRow) => Promise<void> };
type MoveOf = (tx: Transaction, loan: LoanRow, command: Command) => Decided | Promise<Decided>;

async function makeMove(
  tx: Transaction,
  { id, version }: SeenLoan,
  moveOf: MoveOf,
  command: Command,
): Promise<Effect<LoanView>> {
  const loan = await findLoan(tx, id, 'FOR NO KEY UPDATE');
  if (loan.moves !== version) throw new ProblemError(problems.preconditionFailed);
  const before = await digestOf(tx, 'loan', id);
  const { behind, ...move } = await moveOf(tx, loan, command);
  const after = await moved(tx, loan, move, command);
  await behind?.(after);
  return effectOf(tx, after, before, { ...move.facts, decision: move.decision?.number, state: after.state });
}

/** In the order of their ids, so that two lists with the same loans wait for each other. */
async function lockLoans(tx: Transaction, ids: readonly string[]): Promise<void> {
  await tx.query('SELECT FROM loan WHERE id = ANY($1::uuid[]) ORDER BY id FOR NO KEY UPDATE', [ids]);
}

async function moved(tx: Transaction, loan: LoanRow, move: Move, { actor }: Command): Promise<LoanRow> {
  try {
    return await applyMove(tx, loan, move, actor);
  } catch (error) {
    if (violatedConstraint(error) === 'loan_four_eyes') throw new ProblemError(loanProblems.sameOfficer);
    throw error;
  }
}

/** @throws ProblemError LOAN_STATE. A refusal may be of three states, each by its own body: the door says which is meant. */
function requireState(loan: LoanRow, state: LoanRow['state']): void {
  if (loan.state !== state) throw new ProblemError(loanProblems.state, { extensions: { state: loan.state } });
}

/** Before its capital is moved: what stands in its way would else be told as a want of capital. @throws ProblemError LOAN_STATE */
function requireMove({ state }: LoanRow, kind: LoanMoveKind): void {
  if (!findLoanMove(state, kind)) throw new ProblemError(loanProblems.state, { extensions: { state } });
}

async function releaseCommitted(tx: Transaction, loan: LoanRow): Promise<void> {
  if (loan.plan_id === null) return;
  const amount = BigInt(loan.granted_amount!);
  await moveCapital(tx, loan.plan_id, 'release', { reference: nextMoveOf(loan), amount });
}

/** What went out or is on its way. */
async function sentOf(tx: Transaction, loanId: string): Promise<bigint> {
  const [sent] = (await tx.query(
    `SELECT coalesce(sum(amount), 0)::bigint AS amount FROM disbursement WHERE loan_id = $1 AND state <> 'returned'`,
    [loanId],
  )) as { amount: string }[];
  return BigInt(sent!.amount);
}

/** @throws ProblemError LOAN_DISBURSEMENT while one is on its way */
async function insertDisbursement(
  tx: Transaction,
  loan: LoanRow,
  contract: number,
  amount: bigint,
): Promise<void> {
  try {
    await tx.query(
      `INSERT INTO disbursement (id, loan_id, number, contract, move, amount, ordinal)
       SELECT $1, $2, count(*) + 1, $3, $4, $5, count(*) FILTER (WHERE state = 'paid') + 1 FROM disbursement WHERE loan_id = $2`,
      [uuidv7(), loan.id, contract, loan.moves, amount.toString()],
    );
  } catch (error) {
    if (violatedConstraint(error) === 'disbursement_open') throw new ProblemError(loanProblems.disbursement);
    throw error;
  }
}
