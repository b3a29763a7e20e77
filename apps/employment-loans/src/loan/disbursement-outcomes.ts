import { type AuditEvent, recordAudits, worker } from '@ansinh/audit';
import { todayInVietnam } from '@ansinh/calendar';
import type { Transaction } from '@ansinh/database';
import { bookOn, type LoanState } from '@ansinh/loans';
import type { Payout, PayoutOutcome } from '@ansinh/payouts';
import { digestsOf } from '../audit/record-digest.js';
import { type NewException, raiseExceptions } from '../bank-exception/raise-exceptions.js';
import { type BookInHand, recordInHand, settleInHand, takeBooks, writeBooks } from './books-in-hand.js';
import { moveInHand } from './loans-in-hand.js';
import { nextMoveOf, system } from './move-loan.js';

interface DisbursementRow {
  id: string;
  loan_id: string;
  loan_code: string;
  loan_state: LoanState;
  number: number;
  amount: string;
  payout_row: number;
  state: 'ordered' | 'paid' | 'returned';
}

/** What became of a disbursement, in its own words. */
interface Settlement {
  sent: DisbursementRow;
  becomes: 'paid' | 'returned';
  on: string;
  reason: string | null;
}

/**
 * What becomes of loans when the bank has paid their money out, or has given it back, or it was never sent. An outcome that is known
 * already changes nothing. One that contradicts what was ordered or is known books nothing of its loan, and is an exception of it;
 * the others of the page go on, by statements for all of them.
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
    `SELECT sent.id, loan_id, loan.code AS loan_code, loan.state AS loan_state, number, sent.amount, payout_row, sent.state
     FROM disbursement sent JOIN loan ON loan.id = sent.loan_id
     WHERE payout_id = $1 AND payout_row = ANY($2::int[]) ORDER BY loan_id`,
    [payout.id, [...ofRow.keys()]],
  )) as DisbursementRow[];
  const contradicted: NewException[] = [];
  const settlements: Settlement[] = [];
  for (const disbursement of sent) {
    const outcome = ofRow.get(disbursement.payout_row)!;
    const code = contradictionIn(outcome, disbursement);
    if (code) contradicted.push(exceptionOf(payout, disbursement, outcome, code));
    else settlements.push(settlementOf(disbursement, outcome));
  }
  await raiseExceptions(tx, contradicted);
  await settle(
    tx,
    payout,
    settlements.filter(({ sent: { state }, becomes }) => state !== becomes),
  );
}

type Contradiction = 'DISBURSEMENT_DIFFERS' | 'PAID_AFTER_RETURN' | 'LOAN_CLOSED';

/** What the bank says that cannot be so, by what was ordered and is known; undefined where it can. */
function contradictionIn(
  { status, amount }: PayoutOutcome,
  sent: DisbursementRow,
): Contradiction | undefined {
  if (status !== 'paid')
    return sent.state === 'paid' && sent.loan_state === 'closed' ? 'LOAN_CLOSED' : undefined;
  if (amount !== BigInt(sent.amount)) return 'DISBURSEMENT_DIFFERS';
  return sent.state === 'returned' ? 'PAID_AFTER_RETURN' : undefined;
}

function exceptionOf(
  payout: Payout,
  sent: DisbursementRow,
  { amount, bookedOn }: PayoutOutcome,
  code: Contradiction,
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

function settlementOf(
  sent: DisbursementRow,
  { status, bookedOn, reason, findings }: PayoutOutcome,
): Settlement {
  const on = bookedOn ?? todayInVietnam();
  if (status === 'paid') return { sent, becomes: 'paid', on, reason: null };
  return { sent, becomes: 'returned', on, reason: reason ?? findings[0] ?? status };
}

/** A list has each loan once: no two of them are of the same loan. */
async function settle(tx: Transaction, payout: Payout, settlements: readonly Settlement[]): Promise<void> {
  if (settlements.length === 0) return;
  const today = todayInVietnam();
  const ids = settlements.map(({ sent }) => sent.loan_id);
  const before = await digestsOf(tx, 'loan', ids);
  await writeSettlements(tx, settlements);
  const loans = await takeBooks(tx, ids);
  const paidBy = await eventsOfPayments(tx, settlements);
  for (const settlement of settlements) {
    const loan = loans.get(settlement.sent.loan_id)!;
    if (settlement.becomes === 'paid') pay(loan, settlement, today);
    else giveBack(loan, settlement, { event: paidBy.get(loan.id), today });
  }
  await writeBooks(tx, [...loans.values()], today);
  const after = await digestsOf(tx, 'loan', ids);
  await recordAudits(
    tx,
    settlements.map(({ sent, becomes, on, reason }): AuditEvent => {
      const { id, code, office_code: office, state } = loans.get(sent.loan_id)!;
      return {
        ...worker,
        office,
        verb: `disbursement.${becomes}`,
        subject: `loan/${code}`,
        requestId: `payout-${payout.id}`,
        before: before.get(id)!,
        after: after.get(id)!,
        facts: { number: sent.number, amount: sent.amount, on, reason, state },
      };
    }),
  );
}

async function writeSettlements(tx: Transaction, settlements: readonly Settlement[]): Promise<void> {
  const of = <T>(value: (settlement: Settlement) => T) => settlements.map(value);
  await tx.query(
    `UPDATE disbursement SET state = told.state, settled_on = told.settled_on, reason = told.reason
     FROM unnest($1::uuid[], $2::text[], $3::date[], $4::text[]) AS told (id, state, settled_on, reason)
     WHERE disbursement.id = told.id`,
    [of(({ sent }) => sent.id), of(({ becomes }) => becomes), of(({ on }) => on), of(({ reason }) => reason)],
  );
}

const factsOf = ({ sent: { number, amount }, on }: Settlement) => ({ disbursement: number, amount, on });

function pay(loan: BookInHand, settlement: Settlement, today: string): void {
  const { on, sent } = settlement;
  const kind = loan.state === 'disbursing' ? 'disbursementPaid' : 'tranchePaid';
  const amount = BigInt(sent.amount);
  loan.capital.push({ planId: loan.plan_id!, kind: 'payment', reference: nextMoveOf(loan), amount });
  const move = { kind, facts: factsOf(settlement) } as const;
  recordInHand(loan, move, { kind: 'disbursed', on, amount }, { by: system, today });
}

/**
 * The reservation is released: what was on its way can be ordered again, to the account of a contract that is signed anew. What came
 * back only after it was booked as paid leaves the book of the loan again.
 */
function giveBack(
  loan: BookInHand,
  settlement: Settlement,
  { event, today }: { event: string | undefined; today: string },
): void {
  const { on, sent } = settlement;
  const move = {
    kind: loan.state === 'disbursing' ? 'disbursementReturned' : 'trancheReturned',
    facts: factsOf(settlement),
  } as const;
  const capital = { planId: loan.plan_id!, reference: nextMoveOf(loan), amount: BigInt(sent.amount) };
  loan.capital.push({ ...capital, kind: sent.state === 'paid' ? 'lateReturn' : 'return' });
  if (sent.state === 'paid')
    return recordInHand(loan, move, { kind: 'reversed', on, event: event! }, { by: system, today });
  moveInHand(loan, move, system);
  // Nothing is awaited any more: what was paid back meanwhile may close the loan.
  settleInHand(loan, bookOn(loan.contract, loan.events, today));
}

/** The event by which each of those that come back after they were paid stands in the book, by loan. */
async function eventsOfPayments(
  tx: Transaction,
  settlements: readonly Settlement[],
): Promise<Map<string, string>> {
  const late = settlements.filter(({ sent }) => sent.state === 'paid');
  if (late.length === 0) return new Map();
  const rows = (await tx.query(
    `SELECT event.loan_id AS loan, event.number::text AS number
     FROM unnest($1::uuid[], $2::int[]) AS back (loan_id, number)
       JOIN loan_event event ON event.loan_id = back.loan_id AND event.kind = 'disbursed'
       JOIN loan_move move ON move.loan_id = event.loan_id AND move.number = event.move
     WHERE (move.facts ->> 'disbursement')::int = back.number`,
    [late.map(({ sent }) => sent.loan_id), late.map(({ sent }) => sent.number)],
  )) as { loan: string; number: string }[];
  return new Map(rows.map(({ loan, number }) => [loan, number]));
}
