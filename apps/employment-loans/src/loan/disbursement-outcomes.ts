import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { recordAudit, worker } from '@ansinh/audit';
import { todayInVietnam } from '@ansinh/calendar';
import { inTransaction, type Transaction } from '@ansinh/database';
import { digestOf } from '../audit/record-digest.js';
import { moveCapital } from '../capital/capital-ledger.js';
import { findLoan, type LoanRow } from './loan-rows.js';
import { applyMove, system } from './move-loan.js';
import { keepEvent } from './servicing.service.js';

/** What the bank says of one disbursement. */
export interface DisbursementOutcome {
  /** Of the disbursement. */
  id: string;
  /** The day of the bank: interest runs from it. */
  on: string;
  /** null: it was paid. */
  returnedFor: string | null;
}

/** What becomes of a loan when the bank has paid its money out, or given it back. */
@Injectable()
export class DisbursementOutcomes {
  constructor(@InjectDataSource() private readonly dataSource: DataSource) {}

  /**
   * Books an outcome once: one that is known already changes nothing.
   * @param requestId by which the audit log finds where it came from
   * @returns whether it was new
   * @throws Error for a disbursement that is not there, or whose outcome was another one
   */
  async record(outcome: DisbursementOutcome, requestId: string): Promise<boolean> {
    return inTransaction(this.dataSource, 'system', async (tx) => {
      const sent = await lockDisbursement(tx, outcome.id);
      const state = outcome.returnedFor === null ? 'paid' : 'returned';
      if (sent.state === state) return false;
      if (sent.state !== 'ordered')
        throw new Error(`disbursement ${outcome.id} is ${sent.state}, and now the bank says ${state}`);
      const loan = await findLoan(tx, sent.loan_id);
      const before = await digestOf(tx, 'loan', loan.id);
      await tx.query('UPDATE disbursement SET state = $2, settled_on = $3, reason = $4 WHERE id = $1', [
        outcome.id,
        state,
        outcome.on,
        outcome.returnedFor,
      ]);
      const amount = BigInt(sent.amount);
      const after =
        state === 'paid' ? await pay(tx, loan, amount, outcome.on) : await giveBack(tx, loan, amount);
      await recordAudit(tx, {
        ...worker,
        office: loan.office_code,
        verb: `disbursement.${state}`,
        subject: `loan/${loan.code}`,
        requestId,
        before,
        after: await digestOf(tx, 'loan', loan.id),
        facts: { number: sent.number, amount: sent.amount, on: outcome.on, state: after.state },
      });
      return true;
    });
  }
}

interface DisbursementRow {
  loan_id: string;
  number: number;
  amount: string;
  state: 'ordered' | 'paid' | 'returned';
}

/** Lock order: loan, disbursement. */
async function lockDisbursement(tx: Transaction, id: string): Promise<DisbursementRow> {
  await tx.query(
    'SELECT FROM loan WHERE id = (SELECT loan_id FROM disbursement WHERE id = $1) FOR NO KEY UPDATE',
    [id],
  );
  const [row] = (await tx.query(
    'SELECT loan_id, number, amount, state FROM disbursement WHERE id = $1 FOR UPDATE',
    [id],
  )) as DisbursementRow[];
  if (!row) throw new Error(`there is no disbursement ${id}`);
  return row;
}

async function pay(tx: Transaction, loan: LoanRow, amount: bigint, on: string): Promise<LoanRow> {
  const kind = loan.state === 'disbursing' ? 'disbursementPaid' : 'tranchePaid';
  const moved = await applyMove(tx, loan, { kind, facts: { amount: amount.toString(), on } }, system);
  await moveCapital(tx, loan.plan_id!, 'payment', { reference: `${moved.code}/${moved.moves}`, amount });
  return keepEvent(tx, moved, { kind: 'disbursed', on, amount }, todayInVietnam());
}

/** The reservation is released: what was on its way can be ordered again, to the account of a contract that is signed anew. */
async function giveBack(tx: Transaction, loan: LoanRow, amount: bigint): Promise<LoanRow> {
  const kind = loan.state === 'disbursing' ? 'disbursementReturned' : 'trancheReturned';
  const moved = await applyMove(tx, loan, { kind, facts: { amount: amount.toString() } }, system);
  await moveCapital(tx, loan.plan_id!, 'return', { reference: `${moved.code}/${moved.moves}`, amount });
  return moved;
}
