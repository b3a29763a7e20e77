import { Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import { todayInVietnam } from '@ansinh/calendar';
import { type Transaction, violatedConstraint } from '@ansinh/database';
import { type Command, Commands } from '@ansinh/idempotency';
import {
  findLoanMove,
  isCollateralNeeded,
  loanCeiling,
  type LoanMoveKind,
  type LoanProduct,
} from '@ansinh/loans';
import { officeCovers } from '@ansinh/places';
import { problems, ProblemError } from '@ansinh/problem';
import { Sealer } from '@ansinh/sealing';
import { digestOf } from '../audit/record-digest.js';
import { moveCapital } from '../capital/capital-ledger.js';
import { capitalProblems } from '../capital/capital.problems.js';
import { findCapitalPlan } from '../capital/capital.service.js';
import { isApprovingBody } from '../product/approving-body.js';
import { contractOf, writeContract } from '../product/contract-terms.js';
import { bookAccounts, bookLedger } from './keep-book.js';
import { contractOfLoan } from './loan-events.js';
import { sealPayee } from './sealed-payee.js';
import type { DecidedMove, LoanView } from './loan.dto.js';
import type {
  AppraiseLoan,
  ApproveLoan,
  ConfirmLoan,
  OrderDisbursement,
  SignLoan,
  UseCheck,
} from './loan-moves.dto.js';
import { loanProblems } from './loan.problems.js';
import { findLoan, type LoanRow, productOn } from './loan-rows.js';
import { applyMove, effectOf, type Move } from './move-loan.js';

/** What happens to a loan until its money is on the way. Each command names the version that its caller has seen. */
@Injectable()
export class LoanMovesService {
  constructor(
    private readonly commands: Commands,
    private readonly sealer: Sealer,
  ) {}

  /** The commune says that the borrower and the project are there. */
  async confirm(id: string, input: ConfirmLoan, version: number, command: Command): Promise<LoanView> {
    const kind = input.outcome === 'confirmed' ? 'confirm' : 'refuse';
    return this.decide({ id, version, command, verb: 'loan.confirm' }, (_, loan) => {
      requireState(loan, 'applied');
      return { kind, decision: input.decision };
    });
  }

  /** @throws ProblemError LOAN_CEILING, LOAN_TERM, LOAN_RATE, LOAN_COLLATERAL, LOAN_PRODUCT */
  async appraise(id: string, input: AppraiseLoan, version: number, command: Command): Promise<LoanView> {
    return this.decide({ id, version, command, verb: 'loan.appraise' }, async (tx, loan) => {
      requireState(loan, 'confirmed');
      const { outcome, decision } = input;
      if (outcome !== 'eligible') return { kind: outcome === 'sentBack' ? 'sendBack' : 'refuse', decision };
      const product = productOn(loan.product_code, todayInVietnam());
      const amount = BigInt(input.amount ?? loan.amount);
      const termMonths = input.termMonths ?? loan.term_months;
      const granted = { amount, termMonths, ratePpm: rateOf(product, loan, input.ratePpm) };
      await requireWithinProduct(tx, loan, product, granted);
      return { kind: 'appraise', decision, granted, facts: { amount: amount.toString(), termMonths } };
    });
  }

  /**
   * The competent body approves, and by that commits capital of the plan: two at once wait for each other at its accounts.
   * @throws ProblemError CAPITAL_PLAN_NOT_FOUND, CAPITAL_PLAN_ELSEWHERE, CAPITAL_EXHAUSTED, LOAN_OTHER_BODY,
   *   LOAN_SAME_OFFICER, and what an appraisal refuses, by the law of this day
   */
  async approve(id: string, input: ApproveLoan, version: number, command: Command): Promise<LoanView> {
    return this.decide({ id, version, command, verb: 'loan.approve' }, async (tx, loan) => {
      requireState(loan, 'appraised');
      const { decision } = input;
      if (input.outcome === 'refused') return { kind: 'refuse', decision };
      const amount = BigInt(input.amount ?? loan.granted_amount!);
      if (amount > BigInt(loan.granted_amount!)) throw new ProblemError(loanProblems.ceiling);
      const granted = { amount, termMonths: loan.granted_term_months!, ratePpm: loan.rate_ppm! };
      await requireWithinProduct(tx, loan, productOn(loan.product_code, todayInVietnam()), granted);
      if (input.capitalPlanId === undefined) throw new ProblemError(capitalProblems.notFound);
      const planId = await this.planFor(tx, input.capitalPlanId, loan, { amount, command });
      await moveCapital(tx, planId, 'commitment', { reference: nextMoveOf(loan), amount });
      return { kind: 'approve', decision, granted, planId, facts: { amount: amount.toString(), planId } };
    });
  }

  /** For the borrower. What was committed is available again. */
  async withdraw(
    id: string,
    { decision }: DecidedMove,
    version: number,
    command: Command,
  ): Promise<LoanView> {
    return this.decide({ id, version, command, verb: 'loan.withdraw' }, async (tx, loan) => {
      requireMove(loan, 'withdraw');
      await releaseCommitted(tx, loan);
      return { kind: 'withdraw', decision };
    });
  }

  /** What was approved is not carried out. */
  async cancel(id: string, { decision }: DecidedMove, version: number, command: Command): Promise<LoanView> {
    return this.decide({ id, version, command, verb: 'loan.cancel' }, async (tx, loan) => {
      requireMove(loan, 'cancel');
      await releaseCommitted(tx, loan);
      return { kind: 'cancel', decision };
    });
  }

  /**
   * The contract fixes the terms by which the book is kept, and the account that the money goes to. It is signed again with
   * another account when the bank has returned the money.
   * @throws ProblemError LOAN_SCHEDULE, LOAN_DAY
   */
  async sign(id: string, input: SignLoan, version: number, command: Command): Promise<LoanView> {
    return this.decide({ id, version, command, verb: 'loan.sign' }, async (tx, loan) => {
      requireState(loan, 'approved');
      const signedOn = input.decision.on;
      if (input.disbursedOn < signedOn || signedOn > todayInVietnam())
        throw new ProblemError(loanProblems.day);
      const product = productOn(loan.product_code, signedOn);
      return {
        kind: 'sign',
        decision: input.decision,
        facts: { productFrom: product.validFrom },
        behind: (moved: LoanRow) => this.insertContract(tx, moved, product, input),
      };
    });
  }

  /**
   * Orders that money goes out: all of it, or a tranche. It is on its way until the bank has said how it went.
   * @throws ProblemError LOAN_DISBURSEMENT
   */
  async disburse(id: string, input: OrderDisbursement, version: number, command: Command): Promise<LoanView> {
    return this.decide({ id, version, command, verb: 'loan.disburse' }, async (tx, loan) => {
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
    });
  }

  /** Whether the money is used for what it was lent for, and who works by it. @throws ProblemError LOAN_WORKER */
  async checkUse(id: string, input: UseCheck, version: number, command: Command): Promise<LoanView> {
    const { decision, workers } = input;
    return this.decide({ id, version, command, verb: 'loan.checkUse' }, async (tx, loan) => {
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
    });
  }

  /** @throws ProblemError LOAN_NOT_FOUND, PRECONDITION_FAILED, LOAN_STATE, LOAN_SAME_OFFICER, and what `moveOf` refuses */
  private async decide(
    { id, version, command, verb }: { id: string; version: number; command: Command; verb: string },
    moveOf: (tx: Transaction, loan: LoanRow) => Decided | Promise<Decided>,
  ): Promise<LoanView> {
    return this.commands.run(command, verb, async (tx) => {
      const loan = await findLoan(tx, id, 'FOR NO KEY UPDATE');
      if (loan.moves !== version) throw new ProblemError(problems.preconditionFailed);
      const before = await digestOf(tx, 'loan', id);
      const { behind, ...move } = await moveOf(tx, loan);
      const after = await moved(tx, loan, move, command);
      await behind?.(after);
      return effectOf(tx, after, before, {
        ...move.facts,
        decision: move.decision?.number,
        state: after.state,
      });
    });
  }

  /** @throws ProblemError CAPITAL_PLAN_NOT_FOUND, CAPITAL_PLAN_ELSEWHERE, LOAN_OTHER_BODY */
  private async planFor(
    tx: Transaction,
    planId: string,
    loan: LoanRow,
    { amount, command }: { amount: bigint; command: Command },
  ): Promise<string> {
    const plan = await findCapitalPlan(tx, planId);
    const isOfYear = String(plan.year) === todayInVietnam().slice(0, 4);
    if (!isOfYear || !officeCovers(plan.place_code, loan.place_code))
      throw new ProblemError(capitalProblems.elsewhere);
    const { source, limit_below_province: limit } = plan;
    const limits = { source, limitBelowProvince: limit === null ? null : BigInt(limit) };
    if (!isApprovingBody(command.actor.office, limits, amount))
      throw new ProblemError(loanProblems.otherBody);
    return plan.id;
  }

  private async insertContract(
    tx: Transaction,
    loan: LoanRow,
    product: LoanProduct,
    { account, decision, disbursedOn, firstDueOn, dueDayOfMonth }: SignLoan,
  ): Promise<void> {
    const terms = termsOf(product, loan, { disbursedOn, firstDueOn, dueDayOfMonth });
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

/** A move, and what is written behind it. */
type Decided = Move & { behind?: (moved: LoanRow) => Promise<void> };

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

/** The move that is about to be made: what it moves of the capital bears its name, so that it is moved once. */
const nextMoveOf = ({ code, moves }: LoanRow) => `${code}/${moves + 1}`;

/** What the law says; where it says none, what the appraisal does. @throws ProblemError LOAN_RATE */
function rateOf(product: LoanProduct, loan: LoanRow, given: number | undefined): number {
  const lawful = (loan.is_priority ? (product.priorityRatePpm ?? product.ratePpm) : product.ratePpm)?.value;
  if (lawful !== undefined && given !== undefined && given !== lawful)
    throw new ProblemError(loanProblems.rate);
  const rate = lawful ?? given;
  if (rate === undefined) throw new ProblemError(loanProblems.rate);
  return rate;
}

/** @throws ProblemError LOAN_CEILING, LOAN_TERM, LOAN_COLLATERAL */
async function requireWithinProduct(
  tx: Transaction,
  loan: LoanRow,
  product: LoanProduct,
  { amount, termMonths }: { amount: bigint; termMonths: number },
): Promise<void> {
  const [workers] = (await tx.query('SELECT count(*)::int AS count FROM loan_worker WHERE loan_id = $1', [
    loan.id,
  ])) as { count: number }[];
  const ceiling = loanCeiling(product, workers!.count);
  if (ceiling !== null && amount > ceiling)
    throw new ProblemError(loanProblems.ceiling, { extensions: { ceiling: ceiling.toString() } });
  const longest = product.termMonths?.value;
  if (typeof longest === 'number' && termMonths > longest)
    throw new ProblemError(loanProblems.term, { extensions: { termMonths: longest } });
  if (isCollateralNeeded(product, amount) && loan.project.collateral.length === 0)
    throw new ProblemError(loanProblems.collateral);
}

async function releaseCommitted(tx: Transaction, loan: LoanRow): Promise<void> {
  if (loan.plan_id === null) return;
  const amount = BigInt(loan.granted_amount!);
  await moveCapital(tx, loan.plan_id, 'release', { reference: nextMoveOf(loan), amount });
}

/** @throws ProblemError LOAN_SCHEDULE */
function termsOf(
  product: LoanProduct,
  loan: LoanRow,
  days: Pick<SignLoan, 'disbursedOn' | 'firstDueOn' | 'dueDayOfMonth'>,
): string {
  const amount = BigInt(loan.granted_amount!);
  const agreed = { amount, termMonths: loan.granted_term_months!, ratePpm: loan.rate_ppm!, ...days };
  try {
    return writeContract(contractOf(product, agreed));
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new ProblemError(loanProblems.schedule, { extensions: { reason: error.message } });
  }
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
