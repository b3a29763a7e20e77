import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { type Actor, scopeOf } from '@ansinh/auth';
import { todayInVietnam } from '@ansinh/calendar';
import { inTransaction, type Transaction } from '@ansinh/database';
import { type Command, Commands } from '@ansinh/idempotency';
import { findPayouts, freezePayout, type Payout, type PayoutLine, withdrawPayout } from '@ansinh/payouts';
import { ProblemError } from '@ansinh/problem';
import { Sealer } from '@ansinh/sealing';
import { openPayee } from '../loan/sealed-payee.js';
import type { DisbursementListView, SendDisbursements, WithdrawList } from './disbursement-list.dto.js';
import { disbursementListProblems } from './disbursement-list.problems.js';

const rowsMax = 5_000;
const pageRows = 500;

@Injectable()
export class DisbursementListService {
  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    private readonly commands: Commands,
    private readonly sealer: Sealer,
  ) {}

  /**
   * Makes one list of what was ordered and waits, 5,000 at the most. From here on it goes its way into a batch of the disbursements,
   * where others approve and send it.
   * @throws ProblemError DISBURSEMENT_LIST_EMPTY
   */
  async send(input: SendDisbursements, command: Command): Promise<DisbursementListView> {
    return this.commands.run(command, 'disbursementList.send', async (tx) => {
      const ids = await waitingDisbursements(tx);
      if (ids.length === 0) throw new ProblemError(disbursementListProblems.empty);
      const { actor } = command;
      const payout = { ...input, period: todayInVietnam().slice(0, 7), official: actor };
      const { id } = await freezePayout(tx, this.sealer, payout, this.linesOf(tx, ids, input.programmeCode));
      await tx.query(
        `UPDATE disbursement SET payout_id = $1, payout_row = listed.row
         FROM unnest($2::uuid[]) WITH ORDINALITY AS listed (id, row) WHERE disbursement.id = listed.id`,
        [id, ids],
      );
      const list = await findList(tx, id);
      const facts = { rows: list.rows, amount: list.amount.toString() };
      return {
        result: viewOf(list),
        subject: `disbursementList/${id}`,
        before: null,
        after: digestOf(list),
        facts,
      };
    });
  }

  async get(id: string, actor: Actor): Promise<DisbursementListView> {
    return viewOf(await inTransaction(this.dataSource, scopeOf(actor), (tx) => findList(tx, id)));
  }

  /** Takes back what was not sent yet: each of its loans is approved again. */
  async withdraw(id: string, { reason }: WithdrawList, command: Command): Promise<DisbursementListView> {
    return this.commands.run(command, 'disbursementList.withdraw', async (tx) => {
      const before = digestOf(await findList(tx, id));
      await withdrawPayout(tx, id, reason);
      const list = await findList(tx, id);
      return {
        result: viewOf(list),
        subject: `disbursementList/${id}`,
        before,
        after: digestOf(list),
        facts: { reason },
      };
    });
  }

  private async *linesOf(
    tx: Transaction,
    ids: readonly string[],
    programmeCode: string,
  ): AsyncGenerator<PayoutLine[]> {
    for (let from = 0; from < ids.length; from += pageRows) {
      const rows = (await tx.query(
        `SELECT sent.loan_id, sent.contract, sent.amount, sent.ordinal, loan.code, loan.product_code, loan.place_code,
                contract.account_bin, contract.account_holder, contract.sealed_payee,
                to_char((SELECT signed_on FROM loan_contract WHERE loan_id = loan.id AND number = 1), 'YYYY-MM') AS period
         FROM unnest($1::uuid[]) WITH ORDINALITY AS listed (id, row)
           JOIN disbursement sent USING (id) JOIN loan ON loan.id = sent.loan_id
           JOIN loan_contract contract ON contract.loan_id = sent.loan_id AND contract.number = sent.contract
         ORDER BY listed.row`,
        [ids.slice(from, from + pageRows)],
      )) as LineRow[];
      yield rows.map((row) => lineOf(this.sealer, row, programmeCode));
    }
  }
}

interface LineRow {
  loan_id: string;
  contract: number;
  amount: string;
  ordinal: number;
  code: string;
  product_code: string;
  place_code: string;
  account_bin: string;
  account_holder: string;
  sealed_payee: Buffer;
  period: string;
}

/**
 * The obligation of a tranche is the same however often it is sent: product, month of the first contract, payee, and which tranche
 * it is. So an account that was corrected is paid once, also where somebody orders it twice.
 */
function lineOf(sealer: Sealer, row: LineRow, programmeCode: string): PayoutLine {
  const { payeeId, account } = openPayee(
    sealer,
    { loanId: row.loan_id, contract: row.contract },
    row.sealed_payee,
  );
  return {
    payeeId,
    payeeName: row.account_holder,
    bankBin: row.account_bin,
    account,
    amount: BigInt(row.amount),
    programmeCode,
    policyCode: row.product_code,
    period: row.period,
    placeCode: row.place_code,
    ordinal: row.ordinal,
    remittance: `Giai ngan ${row.code}`,
  };
}

/** Locked: two lists at once do not share one. The oldest come first. */
async function waitingDisbursements(tx: Transaction): Promise<string[]> {
  const rows = (await tx.query(
    `SELECT id FROM disbursement WHERE state = 'ordered' AND payout_id IS NULL ORDER BY id LIMIT $1 FOR UPDATE SKIP LOCKED`,
    [rowsMax],
  )) as { id: string }[];
  return rows.map(({ id }) => id);
}

/** @throws ProblemError DISBURSEMENT_LIST_NOT_FOUND */
async function findList(tx: Transaction, id: string): Promise<Payout> {
  const [list] = await findPayouts(tx, [id]);
  if (!list) throw new ProblemError(disbursementListProblems.notFound);
  return list;
}

function digestOf(list: Payout): string {
  return createHash('sha256')
    .update(JSON.stringify({ ...list, amount: list.amount.toString() }))
    .digest('hex');
}

function viewOf({ id, state, rows, amount, batchCode, problem }: Payout): DisbursementListView {
  return {
    id,
    state,
    rows,
    amount: amount.toString(),
    batchCode,
    problem: problem && { code: problem.code, title: problem.title },
  };
}
