import { v7 as uuidv7 } from 'uuid';
import { todayInVietnam } from '@ansinh/calendar';
import type { Transaction } from '@ansinh/database';
import type { Command } from '@ansinh/idempotency';
import { officeCovers } from '@ansinh/places';
import { ProblemError } from '@ansinh/problem';
import type { Sealer } from '@ansinh/sealing';
import type { CapitalMove } from '../capital/capital-ledger.js';
import { capitalProblems } from '../capital/capital.problems.js';
import { type CapitalPlanRow, findCapitalPlans } from '../capital/capital.service.js';
import { countJobs, type FoundWorker } from '../job/count-jobs.js';
import { judgeWorker } from '../job/judge-worker.js';
import type { KnownWorkers } from '../job/known-workers.js';
import { lawOf } from '../law/law.js';
import { isApprovingBody } from '../product/approving-body.js';
import { disbursedOfLoans, insertDisbursements, type NewDisbursement } from './disbursements.js';
import { lawOfLoans, requireLawful, requireLawfulRate, termsOf } from './granted-terms.js';
import type { DecidedMove } from './loan.dto.js';
import { contractsOfLoans } from './loan-events.js';
import type {
  AppraiseLoan,
  ApproveLoan,
  ConfirmLoan,
  OrderDisbursement,
  SeenLoan,
  SignLoan,
  UseCheck,
} from './loan-moves.dto.js';
import { loanProblems, wrongState } from './loan.problems.js';
import { type LoanRow, productOn } from './loan-rows.js';
import { requireMove } from './loans-in-hand.js';
import type { Move } from './move-loan.js';
import { insertContracts, type NewContract, numbersOfContracts } from './sign-contracts.js';

/** What each move is asked with. */
export interface MoveInputs {
  confirm: ConfirmLoan;
  appraise: AppraiseLoan;
  approve: ApproveLoan;
  withdraw: DecidedMove;
  cancel: DecidedMove;
  sign: SignLoan;
  disburse: OrderDisbursement;
  checkUse: UseCheck & { known: KnownWorkers };
}
export type MoveVerb = keyof MoveInputs;
export type MoveRow<Verb extends MoveVerb> = SeenLoan & MoveInputs[Verb];

/** A move without the paper that it is asked with, and what it moves of the capital. */
type Decided = Omit<Move, 'decision'> & { capital?: Omit<CapitalMove, 'reference'> };

/** Reads what it has to know of all the loans, decides of each, and writes what stands behind all their moves. */
type Verb<Of extends MoveVerb> = (
  tx: Transaction,
  asked: { ids: readonly string[]; rows: readonly MoveRow<Of>[]; command: Command },
) => Promise<{
  decide: (loan: LoanRow, input: MoveInputs[Of]) => Decided;
  writeBehind?: () => Promise<void>;
}>;

export const verbsOf = (sealer: Sealer): { [Of in MoveVerb]: Verb<Of> } => ({
  confirm,
  appraise,
  approve,
  withdraw: giveUp('withdraw'),
  cancel: giveUp('cancel'),
  sign: sign(sealer),
  disburse,
  checkUse,
});

/** The commune says that the borrower and the project are there. */
const confirm: Verb<'confirm'> = async () => ({
  decide: (loan, { outcome }) => {
    requireState(loan, 'applied');
    return { kind: outcome === 'confirmed' ? 'confirm' : 'refuse' };
  },
});

/** @throws ProblemError LOAN_FACTS_MISSING, LOAN_BORROWER, LOAN_CEILING, LOAN_TERM, LOAN_RATE, LOAN_COLLATERAL, LOAN_PRODUCT */
const appraise: Verb<'appraise'> = async (tx, { ids }) => {
  const law = await lawOfLoans(tx, ids);
  return {
    decide: (loan, input) => {
      requireState(loan, 'confirmed');
      if (input.outcome !== 'eligible') return { kind: input.outcome === 'sentBack' ? 'sendBack' : 'refuse' };
      productOn(loan.product_code, todayInVietnam());
      const amount = BigInt(input.amount ?? loan.amount);
      const termMonths = input.termMonths ?? loan.term_months;
      const ratePpm = requireLawful(law, loan, { amount, termMonths, ratePpm: input.ratePpm });
      const granted = { amount, termMonths, ratePpm };
      return { kind: 'appraise', granted, facts: { amount: amount.toString(), termMonths, ratePpm } };
    },
  };
};

/**
 * The competent body approves, and by that commits capital of the plan: two at once wait for each other at its accounts.
 * @throws ProblemError CAPITAL_PLAN_NOT_FOUND, CAPITAL_PLAN_ELSEWHERE, CAPITAL_EXHAUSTED, LOAN_OTHER_BODY,
 *   LOAN_SAME_OFFICER, and what an appraisal refuses, by the law of this day
 */
const approve: Verb<'approve'> = async (tx, { ids, rows, command: { actor } }) => {
  const law = await lawOfLoans(tx, ids);
  const plans = await findCapitalPlans(
    tx,
    rows.flatMap(({ capitalPlanId }) => capitalPlanId ?? []),
  );
  const appraisedByHim = await appraisedBy(tx, ids, actor.id);
  return {
    decide: (loan, input) => {
      requireState(loan, 'appraised');
      if (input.outcome === 'refused') return { kind: 'refuse' };
      const amount = BigInt(input.amount ?? loan.granted_amount!);
      if (amount > BigInt(loan.granted_amount!)) throw new ProblemError(loanProblems.ceiling);
      const granted = { amount, termMonths: loan.granted_term_months!, ratePpm: loan.rate_ppm! };
      requireLawful(law, loan, granted);
      const plan = plans.get(input.capitalPlanId?.toLowerCase() ?? '');
      if (!plan) throw new ProblemError(capitalProblems.notFound);
      requirePlanFor(loan, plan, { amount, office: actor.office });
      if (appraisedByHim.has(loan.id)) throw new ProblemError(loanProblems.sameOfficer);
      const planId = plan.id;
      return {
        kind: 'approve',
        granted,
        planId,
        facts: { amount: amount.toString(), planId },
        capital: { planId, kind: 'commitment', amount },
      };
    },
  };
};

/** For the borrower, or because what was approved is not carried out. What was committed is available again. */
const giveUp =
  (kind: 'withdraw' | 'cancel'): Verb<typeof kind> =>
  async () => ({
    decide: ({ plan_id: planId, granted_amount: amount }) => ({
      kind,
      ...(planId !== null && { capital: { planId, kind: 'release', amount: BigInt(amount!) } }),
    }),
  });

/**
 * The contract fixes the terms by which the book is kept, and the account that the money goes to. It is signed again with
 * another account when the bank has returned the money.
 * @throws ProblemError LOAN_SCHEDULE, LOAN_DAY, LOAN_RATE: it is the rate of the law of the day of signing
 */
const sign =
  (sealer: Sealer): Verb<'sign'> =>
  async (tx, { ids }) => {
    const law = await lawOfLoans(tx, ids);
    const numbers = await numbersOfContracts(tx, ids);
    const contracts: NewContract[] = [];
    return {
      decide: (loan, input) => {
        requireState(loan, 'approved');
        const { account, decision, disbursedOn, firstDueOn, dueDayOfMonth } = input;
        if (disbursedOn < decision.on || decision.on > todayInVietnam())
          throw new ProblemError(loanProblems.day);
        requireLawfulRate(law, loan, decision.on);
        const product = productOn(loan.product_code, decision.on);
        contracts.push({
          loanId: loan.id,
          number: (numbers.get(loan.id) ?? 0) + 1,
          move: loan.moves + 1,
          decision,
          productFrom: product.validFrom,
          terms: termsOf(product, loan, { signedOn: decision.on, disbursedOn, firstDueOn, dueDayOfMonth }),
          account,
        });
        return { kind: 'sign', facts: { productFrom: product.validFrom, disbursedOn } };
      },
      writeBehind: () => insertContracts(tx, contracts, sealer),
    };
  };

/**
 * Orders that money goes out: all of it, or a tranche. It is on its way until the bank has said how it went; before that no more
 * goes out.
 * @throws ProblemError LOAN_DISBURSEMENT
 */
const disburse: Verb<'disburse'> = async (tx, { ids }) => {
  const contracts = await contractsOfLoans(tx, ids);
  const disbursed = await disbursedOfLoans(tx, ids);
  const orders: NewDisbursement[] = [];
  return {
    decide: (loan, input) => {
      const kind = loan.state === 'contracted' ? 'disburse' : 'disburseTranche';
      // Before its contract is looked at, which it may not have.
      requireMove(loan, kind);
      const contract = contracts.get(loan.id)!;
      const { count, paidCount, sent, isAwaited, released } = disbursed(loan.id);
      const left = BigInt(loan.granted_amount!) - sent - released;
      const amount = input.amount === undefined ? left : BigInt(input.amount);
      const isPastDue = contract.terms.plan[0]!.dueOn <= todayInVietnam();
      if (isAwaited || amount > left || amount <= 0n || isPastDue)
        throw new ProblemError(loanProblems.disbursement);
      orders.push({
        id: uuidv7(),
        loanId: loan.id,
        number: count + 1,
        contract: contract.number,
        move: loan.moves + 1,
        amount,
        ordinal: paidCount + 1,
      });
      return {
        kind,
        facts: { amount: amount.toString() },
        capital: { planId: loan.plan_id!, kind: 'order', amount },
      };
    },
    writeBehind: () => insertDisbursements(tx, orders),
  };
};

/**
 * Whether the money is used for what it was lent for, and who works by it: of those who were found at work count those whom the
 * registry confirms, by the law of the day of the check.
 * @throws ProblemError LOAN_WORKER
 */
const checkUse: Verb<'checkUse'> = async (tx, { rows }) => {
  const named = await workersAmong(tx, rows);
  const policy = await lawOf(tx);
  const found: FoundWorker[] = [];
  return {
    decide: (loan, { decision, workers, known }) => {
      if ((named.get(loan.id) ?? 0) < workers.length) throw new ProblemError(loanProblems.worker);
      const borrower = { personId: loan.person_id, employerId: loan.employer_id };
      const judged = workers.map((personId): FoundWorker => {
        const worker = known.of(personId, decision.on);
        return {
          ...judgeWorker(policy, borrower, worker, decision.on),
          personId,
          standsForId: worker?.standsForId ?? personId,
          loanId: loan.id,
          move: loan.moves + 1,
          judged: 1,
          foundOn: decision.on,
          answeredAt: known.answeredAt,
        };
      });
      found.push(...judged);
      const confirmed = judged.filter(({ outcome }) => outcome === 'counted').length;
      return { kind: 'checkUse', facts: { workers: workers.length, confirmed } };
    },
    writeBehind: async () => {
      await countJobs(tx, found);
    },
  };
};

/** @throws ProblemError LOAN_STATE. A refusal may be of three states, each by its own body: the door says which is meant. */
function requireState(loan: LoanRow, state: LoanRow['state']): void {
  if (loan.state !== state) throw wrongState(loan.state);
}

/** @throws ProblemError CAPITAL_PLAN_ELSEWHERE, LOAN_OTHER_BODY */
function requirePlanFor(
  loan: LoanRow,
  plan: CapitalPlanRow,
  { amount, office }: { amount: bigint; office: string },
): void {
  const today = todayInVietnam();
  const isOfYear = String(plan.year) === today.slice(0, 4);
  if (!isOfYear || !officeCovers(plan.place_code, loan.place_code))
    throw new ProblemError(capitalProblems.elsewhere);
  const { source, limit_below_province: limit } = plan;
  const limits = { source, limitBelowProvince: limit === null ? null : BigInt(limit) };
  if (!isApprovingBody(office, limits, { amount, on: today })) throw new ProblemError(loanProblems.otherBody);
}

/** Loans that somebody appraised himself, however long ago. The database asks it again of each approval. */
async function appraisedBy(
  tx: Transaction,
  loanIds: readonly string[],
  actorId: string,
): Promise<Set<string>> {
  const rows = (await tx.query(
    `SELECT DISTINCT loan_id AS id FROM loan_move WHERE loan_id = ANY($1::uuid[]) AND kind = 'appraise' AND actor_id = $2`,
    [loanIds, actorId],
  )) as { id: string }[];
  return new Set(rows.map(({ id }) => id));
}

/** How many of those whom each row names are workers of its loan. */
async function workersAmong(
  tx: Transaction,
  rows: readonly MoveRow<'checkUse'>[],
): Promise<Map<string, number>> {
  const named = rows.flatMap(({ id, workers }) => workers.map((personId) => ({ id, personId })));
  const found = (await tx.query(
    `SELECT loan_id AS id, count(DISTINCT person_id)::int AS count
     FROM loan_worker JOIN unnest($1::uuid[], $2::uuid[]) AS named (loan_id, person_id) USING (loan_id, person_id)
     GROUP BY loan_id`,
    [named.map(({ id }) => id), named.map(({ personId }) => personId)],
  )) as { id: string; count: number }[];
  return new Map(found.map(({ id, count }) => [id, count]));
}
