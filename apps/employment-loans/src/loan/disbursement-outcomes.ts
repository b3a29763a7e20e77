import { recordAudit, worker } from '@ansinh/audit';
import { todayInVietnam } from '@ansinh/calendar';
import type { Transaction } from '@ansinh/database';
import type { Payout, PayoutOutcome } from '@ansinh/payouts';
import { digestOf } from '../audit/record-digest.js';
import { type NewException, raiseExceptions } from '../bank-exception/raise-exceptions.js';
import { moveCapital } from '../capital/capital-ledger.js';
import { findLoan, type LoanRow } from './loan-rows.js';
import { applyMove, system } from './move-loan.js';
import { keepEvent } from './servicing.service.js';

interface DisbursementRow {
  id: string;
  loan_id: string;
  loan_code: string;
  number: number;
  amount: string;
  payout_row: number;
  state: 'ordered' | 'paid' | 'returned';
}

/** What became of a disbursement, in its own words. */
interface Settlement {
  state: 'paid' | 'returned';
  on: string;
  reason: string | null;
}

/**
 * What becomes of loans when the bank has paid their money out, or has given it back, or it was never sent. An outcome that is known
 * already changes nothing. One that contradicts what was ordered or is known books nothing of its loan, and is an exception of it;
 * the others of the page go on. Loan by loan: each folds its book; a list of loans is hundreds of them, not hundreds of thousands.
 */
export async function applyOutcomes(
  tx: Transaction,
  payout: Payout,
  outcomes: readonly PayoutOutcome[],
): Promise<void> {
  const ofRow = new Map(outcomes.map((outcome) => [outcome.row, outcome]));
  // Lock order: loan, disbursement. Loans in one order, whatever the rows.
  await tx.query(
    `SELECT FROM loan WHERE id IN (SELECT loan_id FROM disbursement WHERE payout_id = $1 AND payout_row = ANY($2::int[]))
     ORDER BY id FOR NO KEY UPDATE`,
    [payout.id, [...ofRow.keys()]],
  );
  const sent = (await tx.query(
    `SELECT sent.id, loan_id, loan.code AS loan_code, number, sent.amount, payout_row, sent.state
     FROM disbursement sent JOIN loan ON loan.id = sent.loan_id
     WHERE payout_id = $1 AND payout_row = ANY($2::int[]) ORDER BY loan_id`,
    [payout.id, [...ofRow.keys()]],
  )) as DisbursementRow[];
  const contradicted: NewException[] = [];
  for (const disbursement of sent) {
    const outcome = ofRow.get(disbursement.payout_row)!;
    const code = contradictionIn(outcome, disbursement);
    if (code) contradicted.push(exceptionOf(payout, disbursement, outcome, code));
    else await settle(tx, payout, disbursement, settlementOf(outcome));
  }
  await raiseExceptions(tx, contradicted);
}

/** What the bank says that cannot be so, by what was ordered and is known; undefined where it can. */
function contradictionIn(
  { status, amount }: PayoutOutcome,
  sent: DisbursementRow,
): 'DISBURSEMENT_DIFFERS' | 'PAID_AFTER_RETURN' | undefined {
  if (status !== 'paid') return undefined;
  if (amount !== BigInt(sent.amount)) return 'DISBURSEMENT_DIFFERS';
  return sent.state === 'returned' ? 'PAID_AFTER_RETURN' : undefined;
}

function exceptionOf(
  payout: Payout,
  sent: DisbursementRow,
  { amount, bookedOn }: PayoutOutcome,
  code: 'DISBURSEMENT_DIFFERS' | 'PAID_AFTER_RETURN',
): NewException {
  return {
    source: 'disbursement',
    code,
    office: payout.officeCode,
    fileId: null,
    row: null,
    disbursementId: sent.id,
    loanCode: sent.loan_code,
    loanId: sent.loan_id,
    expected: sent.state === 'returned' ? null : sent.amount,
    observed: amount?.toString() ?? null,
    on: bookedOn ?? todayInVietnam(),
    reference: `${payout.batchCode ?? payout.id}/${sent.payout_row}`,
  };
}

function settlementOf({ status, bookedOn, reason, findings }: PayoutOutcome): Settlement {
  const on = bookedOn ?? todayInVietnam();
  if (status !== 'paid') return { state: 'returned', on, reason: reason ?? findings[0] ?? status };
  return { state: 'paid', on, reason: null };
}

async function settle(
  tx: Transaction,
  payout: Payout,
  sent: DisbursementRow,
  { state, on, reason }: Settlement,
): Promise<void> {
  if (sent.state === state) return;
  const loan = await findLoan(tx, sent.loan_id);
  const before = await digestOf(tx, 'loan', loan.id);
  await tx.query('UPDATE disbursement SET state = $2, settled_on = $3, reason = $4 WHERE id = $1', [
    sent.id,
    state,
    on,
    reason,
  ]);
  const after = state === 'paid' ? await pay(tx, loan, sent, on) : await giveBack(tx, loan, sent, on);
  await recordAudit(tx, {
    ...worker,
    office: loan.office_code,
    verb: `disbursement.${state}`,
    subject: `loan/${loan.code}`,
    requestId: `payout-${payout.id}`,
    before,
    after: await digestOf(tx, 'loan', loan.id),
    facts: { number: sent.number, amount: sent.amount, on, reason, state: after.state },
  });
}

const factsOf = ({ number, amount }: DisbursementRow, on: string) => ({ disbursement: number, amount, on });

async function pay(tx: Transaction, loan: LoanRow, sent: DisbursementRow, on: string): Promise<LoanRow> {
  const kind = loan.state === 'disbursing' ? 'disbursementPaid' : 'tranchePaid';
  const moved = await applyMove(tx, loan, { kind, facts: factsOf(sent, on) }, system);
  const amount = BigInt(sent.amount);
  await moveCapital(tx, loan.plan_id!, 'payment', { reference: `${moved.code}/${moved.moves}`, amount });
  return keepEvent(tx, moved, { kind: 'disbursed', on, amount }, todayInVietnam());
}

/**
 * The reservation is released: what was on its way can be ordered again, to the account of a contract that is signed anew. What came
 * back only after it was booked as paid leaves the book of the loan again.
 */
async function giveBack(tx: Transaction, loan: LoanRow, sent: DisbursementRow, on: string): Promise<LoanRow> {
  const kind = loan.state === 'disbursing' ? 'disbursementReturned' : 'trancheReturned';
  const moved = await applyMove(tx, loan, { kind, facts: factsOf(sent, on) }, system);
  const capital = { reference: `${moved.code}/${moved.moves}`, amount: BigInt(sent.amount) };
  await moveCapital(tx, loan.plan_id!, sent.state === 'paid' ? 'lateReturn' : 'return', capital);
  if (sent.state !== 'paid') return moved;
  const event = await eventOfPayment(tx, sent);
  return keepEvent(tx, moved, { kind: 'reversed', on, event }, todayInVietnam());
}

async function eventOfPayment(tx: Transaction, { loan_id, number }: DisbursementRow): Promise<string> {
  const [event] = (await tx.query(
    `SELECT event.number::text AS number FROM loan_event event
       JOIN loan_move move ON move.loan_id = event.loan_id AND move.number = event.move
     WHERE event.loan_id = $1 AND event.kind = 'disbursed' AND (move.facts ->> 'disbursement')::int = $2`,
    [loan_id, number],
  )) as { number: string }[];
  return event!.number;
}
