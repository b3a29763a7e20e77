import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { type Actor, scopeOf } from '@ansinh/auth';
import { asSystem, fetchPages, inTransaction, limitStatement, type Transaction } from '@ansinh/database';
import { type Command, Commands } from '@ansinh/idempotency';
import { findPayouts, freezePayout, type PayoutLine } from '@ansinh/payouts';
import { ProblemError } from '@ansinh/problem';
import { Sealer } from '@ansinh/sealing';
import { digestOf } from '../audit/record-digest.js';
import { programmeOf } from '../programme/programmes.js';
import { runProblems } from '../run/run.problems.js';
import { type ChosenLine, chooseLines, chosenLines, type RunToPay } from './choose-lines.js';
import type { PayoutCount, PayoutList, PayoutView, StartPayout } from './payout.dto.js';
import { payoutProblems } from './payout.problems.js';

const secondsMax = 300;

const cash = 'post-cash';

/** What is owed by a run becomes a payment list, which `libs/payouts` carries to the disbursements. */
@Injectable()
export class PayoutService {
  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    private readonly commands: Commands,
    private readonly sealer: Sealer,
  ) {}

  /** @throws ProblemError SUPPORT_RUN_NOT_FOUND, SUPPORT_RUN_STATE, SUPPORT_PAYOUT_EMPTY */
  async start(runId: string, input: StartPayout, command: Command): Promise<PayoutView> {
    return this.commands.run(command, 'support.payout.start', async (tx) => {
      await limitStatement(tx, secondsMax);
      // Two who pay one run at once: the second one finds nothing left.
      const [run] = (await tx.query(
        `SELECT id, programme, state, decided_on::text AS "decidedOn", office_code AS office, month::text AS month
         FROM support_run WHERE id = $1 FOR UPDATE`,
        [runId],
      )) as RunToPay[];
      if (!run) throw new ProblemError(runProblems.notFound);
      if (run.state !== 'approved') throw new ProblemError(runProblems.state);
      // Lists of the one-off programmes have an account in every row.
      if (run.month === null && input.channel === cash) throw new ProblemError(payoutProblems.nothing);
      // A month pays what is unpaid of other runs too: two of one programme wait for each other, as those who decide do.
      if (run.month !== null)
        await tx.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [`support ${run.programme}`]);
      const before = await digestOf(tx, 'payoutsOfRun', runId);
      const { paymentCode, name } = programmeOf(run.programme);
      // Of a run that was found in the caller's scope; under the policies each line would be asked of its list again.
      const payout = await asSystem(tx, async () => {
        const wayId = await chooseLines(tx, run, input.channel === cash);
        const frozen = await freezePayout(
          tx,
          this.sealer,
          {
            ...input,
            programmeCode: paymentCode,
            period: (run.month ?? run.decidedOn).slice(0, 7),
            official: command.actor,
          },
          this.linesOf(tx, { paymentCode, remittance: name.vi }),
        );
        await tx.query('UPDATE run_payout SET payout_id = $2 WHERE id = $1', [wayId, frozen.id]);
        return frozen;
      });
      const after = await digestOf(tx, 'payoutsOfRun', runId);
      const facts = { payout: payout.id, rows: payout.rows, amount: String(payout.amount) };
      const [result] = await viewPayouts(tx, [payout.id]);
      return { result: result!, subject: `support-run/${runId}`, before, after, facts };
    });
  }

  /** @throws ProblemError SUPPORT_RUN_NOT_FOUND */
  async ofRun(runId: string, actor: Actor): Promise<PayoutList> {
    return inTransaction(this.dataSource, scopeOf(actor), async (tx) => {
      const [run] = (await tx.query('SELECT id FROM support_run WHERE id = $1', [runId])) as object[];
      if (!run) throw new ProblemError(runProblems.notFound);
      const rows = (await tx.query(
        'SELECT payout_id AS id FROM run_payout WHERE run_id = $1 AND payout_id IS NOT NULL',
        [runId],
      )) as { id: string }[];
      return {
        items: await viewPayouts(
          tx,
          rows.map(({ id }) => id),
        ),
      };
    });
  }

  private async *linesOf(
    tx: Transaction,
    all: { paymentCode: string; remittance: string },
  ): AsyncGenerator<Iterable<PayoutLine>> {
    for await (const page of fetchPages<ChosenLine>(tx, chosenLines, [])) yield this.linesOfPage(page, all);
  }

  /** Numbers and accounts are opened as the lines are asked for. */
  private *linesOfPage(
    page: readonly ChosenLine[],
    { paymentCode, remittance }: { paymentCode: string; remittance: string },
  ): Generator<PayoutLine> {
    for (const line of page) {
      const [personId, account, payeeId] = this.sealer.open(line.sealed, line.sealedFor).split('\t');
      yield {
        payeeId: payeeId || personId!,
        payeeName: line.name,
        ...(line.bankBin !== null && { bankBin: line.bankBin, account: account! }),
        amount: BigInt(line.amount),
        programmeCode: paymentCode,
        policyCode: line.choice,
        period: line.period,
        placeCode: line.placeCode,
        ordinal: line.ordinal,
        remittance,
      };
    }
  }
}

async function viewPayouts(tx: Transaction, ids: readonly string[]): Promise<PayoutView[]> {
  const payouts = await findPayouts(tx, ids);
  const seen = payouts.map(({ id }) => id);
  // Of payouts that the caller sees, and numbers alone: under the policies each of 604,000 lines would be asked of its run again.
  const counts = await asSystem(tx, () => countLines(tx, seen));
  return payouts.map(({ id, state, batchCode, rows, amount, problem }) => ({
    id,
    state,
    batchCode,
    rows,
    amount: String(amount),
    problem,
    outcomes: counts.get(id) ?? [{ status: 'inPayment', lines: rows, amount: String(amount) }],
  }));
}

/** Lines by what was told of them last. A payout of which nothing was told yet is left out: whoever waits for it looks every second. */
async function countLines(
  tx: Transaction,
  payoutIds: readonly string[],
): Promise<Map<string, PayoutCount[]>> {
  const told = (await tx.query(
    `SELECT id FROM unnest($1::uuid[]) AS payout (id)
     WHERE EXISTS (SELECT FROM payout_outcome WHERE payout_id = payout.id)`,
    [payoutIds],
  )) as { id: string }[];
  const counts = (await tx.query(
    `SELECT way.payout_id AS id, coalesce(told.status, 'inPayment') AS status, count(*)::int AS lines,
       sum(e.amount - e.deducted)::text AS amount
     FROM run_payout way
     JOIN payout_line line ON line.run_payout_id = way.id
     JOIN entitlement e ON e.id = line.entitlement_id
     LEFT JOIN LATERAL (SELECT status FROM payout_outcome told
       WHERE told.payout_id = way.payout_id AND told.row_no = line.row_no ORDER BY told.id DESC LIMIT 1) told ON true
     WHERE way.payout_id = ANY ($1::uuid[]) GROUP BY way.payout_id, told.status ORDER BY told.status`,
    [told.map(({ id }) => id)],
  )) as (PayoutCount & { id: string })[];
  return new Map(
    told.map(({ id }) => [id, counts.filter((count) => count.id === id).map(({ id: _, ...count }) => count)]),
  );
}
