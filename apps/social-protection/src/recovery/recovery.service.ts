import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { type Actor, scopeOf } from '@ansinh/auth';
import { todayInVietnam } from '@ansinh/calendar';
import {
  asSystem,
  inTransaction,
  type Page,
  pageOf,
  readCursor,
  type Transaction,
  violatedConstraint,
} from '@ansinh/database';
import { type Command, Commands } from '@ansinh/idempotency';
import { ProblemError } from '@ansinh/problem';
import { digestOf } from '../audit/record-digest.js';
import { instant } from '../instant.sql.js';
import { moveRecord, writeMove } from '../moves/move-record.js';
import { bookRecovery } from './deduct.js';
import { owedMonths, plannedOf, takenBy } from './owed-months.sql.js';
import type { ProposeRecovery, RecoveriesQuery, RecoveryView } from './recovery.dto.js';
import { recoveryProblems } from './recovery.problems.js';
import type { RecoveryManner, RecoveryMoveKind, RecoveryState } from './recovery.states.js';

interface LockedRecovery {
  id: string;
  beneficiaryId: string;
  manner: RecoveryManner;
  amount: bigint;
  state: RecoveryState;
  moves: number;
}

/** What was paid too much: somebody proposes how it comes back, somebody else approves it. Nothing is taken by itself. */
@Injectable()
export class RecoveryService {
  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    private readonly commands: Commands,
  ) {}

  /** @throws ProblemError RECOVERY_TERMS, RECOVERY_DAY, RECOVERY_BENEFICIARY, RECOVERY_TOO_MUCH, RECOVERY_ONE_PLAN, RECOVERY_RECEIPT */
  async propose(input: ProposeRecovery, command: Command): Promise<RecoveryView> {
    checkTerms(input);
    const { beneficiaryId, manner, amount, mostAMonth, receipt, receivedOn, paper, reason } = input;
    return this.commands.run(command, 'recovery.proposed', async (tx) => {
      await lockProgramme(tx, beneficiaryId, recoveryProblems.beneficiary);
      const { owed, planned } = await asSystem(tx, () => standingOf(tx, beneficiaryId));
      if (BigInt(amount) > owed - planned) throw new ProblemError(recoveryProblems.tooMuch);
      const id = uuidv7();
      await write(() =>
        tx.query(
          `INSERT INTO recovery (id, beneficiary_id, manner, amount, most_a_month, receipt, received_on, paper, reason, state)
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 'proposed')`,
          [
            id,
            beneficiaryId,
            manner,
            amount,
            mostAMonth ?? null,
            receipt ?? null,
            receivedOn ?? null,
            paper,
            reason,
          ],
        ),
      );
      const first = { id, number: 1, kind: 'proposed', from: 'none', to: 'proposed', actor: command.actor };
      await writeMove(tx, 'recovery', first);
      const facts = { beneficiaryId, manner, amount };
      return this.effect(tx, id, null, facts);
    });
  }

  async list(query: RecoveriesQuery, actor: Actor): Promise<Page<RecoveryView>> {
    const { beneficiaryId, state, after, limit } = query;
    const scope = scopeOf(actor);
    const rows = (await inTransaction(this.dataSource, scope, (tx) =>
      // Of the caller's own people; what was deducted stands in whosever run it was decided.
      asSystem(tx, () =>
        tx.query(
          `${selectRecoveries} WHERE b.office_code = ANY ($1) AND ($2::uuid IS NULL OR r.beneficiary_id = $2)
             AND ($3::text IS NULL OR r.state = $3) AND ($4::uuid IS NULL OR r.id > $4) ORDER BY r.id LIMIT $5`,
          [
            scope.offices,
            beneficiaryId ?? null,
            state ?? null,
            readCursor(after, 'uuid')?.[0] ?? null,
            limit + 1,
          ],
        ),
      ),
    )) as RecoveryView[];
    return pageOf(rows, limit, ({ id }) => [id]);
  }

  /** @throws ProblemError RECOVERY_NOT_FOUND */
  async get(id: string, actor: Actor): Promise<RecoveryView> {
    return inTransaction(this.dataSource, scopeOf(actor), async (tx) => {
      const [seen] = (await tx.query('SELECT id FROM recovery WHERE id = $1', [id])) as object[];
      if (!seen) throw new ProblemError(recoveryProblems.notFound);
      return asSystem(tx, () => viewRecovery(tx, id));
    });
  }

  /**
   * Months to come give instalments from now on; what was paid back or is waived is booked at once.
   * @throws ProblemError RECOVERY_NOT_FOUND, RECOVERY_STATE, RECOVERY_OWN, RECOVERY_TOO_MUCH
   */
  async approve(id: string, command: Command): Promise<RecoveryView> {
    return this.move(id, { kind: 'approved', from: 'proposed' }, command, async (tx, recovery) => {
      const { owed, planned } = await standingOf(tx, recovery.beneficiaryId);
      // Its own amount is among what is planned.
      if (planned > owed) throw new ProblemError(recoveryProblems.tooMuch);
      return recovery.manner === 'instalments' ? 'approved' : 'settled';
    });
  }

  /** @throws ProblemError RECOVERY_NOT_FOUND, RECOVERY_STATE */
  async reject(id: string, reason: string, command: Command): Promise<RecoveryView> {
    return this.move(id, { kind: 'rejected', from: 'proposed', note: reason }, command);
  }

  /** @throws ProblemError RECOVERY_NOT_FOUND, RECOVERY_STATE */
  async withdraw(id: string, reason: string, command: Command): Promise<RecoveryView> {
    return this.move(id, { kind: 'withdrawn', from: 'proposed', note: reason }, command);
  }

  /** No month gives any more; the rest is owed still. @throws ProblemError RECOVERY_NOT_FOUND, RECOVERY_STATE */
  async end(id: string, reason: string, command: Command): Promise<RecoveryView> {
    return this.move(id, { kind: 'ended', from: 'approved', note: reason }, command);
  }

  private async move(
    id: string,
    made: { kind: Exclude<RecoveryMoveKind, 'proposed' | 'settled'>; from: RecoveryState; note?: string },
    command: Command,
    leadsTo: (tx: Transaction, recovery: LockedRecovery) => Promise<RecoveryState> = async () =>
      made.kind as RecoveryState,
  ): Promise<RecoveryView> {
    return this.commands.run(command, `recovery.${made.kind}`, async (tx) => {
      const [seen] = (await tx.query('SELECT beneficiary_id AS of FROM recovery WHERE id = $1', [id])) as {
        of: string;
      }[];
      if (!seen) throw new ProblemError(recoveryProblems.notFound);
      await lockProgramme(tx, seen.of, recoveryProblems.notFound);
      const [row] = (await tx.query(
        `SELECT id, beneficiary_id AS "beneficiaryId", manner, amount::text AS amount, state, moves
         FROM recovery WHERE id = $1 FOR UPDATE`,
        [id],
      )) as [Omit<LockedRecovery, 'amount'> & { amount: string }];
      const recovery = { ...row, amount: BigInt(row.amount) };
      if (recovery.state !== made.from) throw new ProblemError(recoveryProblems.state);
      const before = await digestOf(tx, 'recovery', id);
      // It was found in the caller's sight; what is owed stands in runs of the province.
      await asSystem(tx, async () => {
        const to = await leadsTo(tx, recovery);
        const { kind, note } = made;
        await write(() =>
          moveRecord(tx, 'recovery', recovery, { kind, note: note ?? null, to, actor: command.actor }),
        );
        if (to === 'settled' && (await bookRecovery(tx, id)) !== recovery.amount)
          throw new ProblemError(recoveryProblems.tooMuch);
      });
      return this.effect(tx, id, before, { amount: row.amount, manner: row.manner });
    });
  }

  private async effect(
    tx: Transaction,
    id: string,
    before: Awaited<ReturnType<typeof digestOf>> | null,
    facts: object,
  ) {
    const after = await digestOf(tx, 'recovery', id);
    const result = await asSystem(tx, () => viewRecovery(tx, id));
    return { result, subject: `recovery/${id}`, before, after, facts: { ...facts } };
  }
}

/** @throws ProblemError RECOVERY_TERMS, RECOVERY_DAY */
function checkTerms({ manner, mostAMonth, receipt, receivedOn }: ProposeRecovery): void {
  const isCash = manner === 'cash';
  const fits =
    (manner === 'instalments') === (mostAMonth !== undefined) &&
    isCash === (receipt !== undefined) &&
    isCash === (receivedOn !== undefined);
  if (!fits) throw new ProblemError(recoveryProblems.terms);
  if (receivedOn !== undefined && receivedOn > todayInVietnam()) throw new ProblemError(recoveryProblems.day);
}

/**
 * As those who decide: what is owed stays what it is until the commit.
 * @throws ProblemError as told, where the person is not in the caller's sight
 */
async function lockProgramme(
  tx: Transaction,
  beneficiaryId: string,
  problem: typeof recoveryProblems.beneficiary,
): Promise<void> {
  const [found] = (await tx.query('SELECT programme FROM beneficiary WHERE id = $1', [beneficiaryId])) as {
    programme: string;
  }[];
  if (!found) throw new ProblemError(problem);
  await tx.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [`support ${found.programme}`]);
}

async function standingOf(
  tx: Transaction,
  beneficiaryId: string,
): Promise<{ owed: bigint; planned: bigint }> {
  const [stands] = (await tx.query(
    `SELECT (SELECT coalesce(sum(owed), 0) FROM (${owedMonths}) owing)::text AS owed, ${plannedOf}::text AS planned
     FROM beneficiary b WHERE b.id = $1`,
    [beneficiaryId],
  )) as [{ owed: string; planned: string }];
  return { owed: BigInt(stands.owed), planned: BigInt(stands.planned) };
}

/** What the database refuses. @throws ProblemError RECOVERY_ONE_PLAN, RECOVERY_RECEIPT, RECOVERY_OWN */
async function write(work: () => Promise<unknown>): Promise<void> {
  try {
    await work();
  } catch (error) {
    const constraint = violatedConstraint(error);
    if (constraint === 'recovery_one_plan') throw new ProblemError(recoveryProblems.onePlan);
    if (constraint === 'recovery_receipt_once') throw new ProblemError(recoveryProblems.receipt);
    if (constraint === 'proposer_is_not_checker') throw new ProblemError(recoveryProblems.own);
    throw error;
  }
}

const selectRecoveries = `
SELECT r.id, r.beneficiary_id AS "beneficiaryId", b.name, b.place_code AS "placeCode", b.programme, r.manner,
  r.amount::text AS amount, r.most_a_month::text AS "mostAMonth", r.receipt, r.received_on::text AS "receivedOn", r.paper, r.reason,
  r.state, ${takenBy}::text AS taken,
  (SELECT coalesce(jsonb_agg(jsonb_build_object('month', to_char(entry.month, 'YYYY-MM'), 'kind', entry.kind,
     'amount', entry.amount::text, 'from', e.period, 'isPending', run.state IS NOT NULL AND run.state <> 'approved')
     ORDER BY entry.id), '[]')
   FROM recovery_entry entry LEFT JOIN entitlement e ON e.id = entry.entitlement_id LEFT JOIN support_run run ON run.id = e.run_id
   WHERE entry.recovery_id = r.id AND e.is_released IS NOT TRUE) AS entries,
  (SELECT jsonb_agg(jsonb_build_object('kind', kind, 'note', note, 'by', actor_name, 'at', ${instant('at')}) ORDER BY number)
   FROM recovery_move WHERE record_id = r.id) AS moves
FROM recovery r JOIN beneficiary b ON b.id = r.beneficiary_id`;

async function viewRecovery(tx: Transaction, id: string): Promise<RecoveryView> {
  const [row] = (await tx.query(`${selectRecoveries} WHERE r.id = $1`, [id])) as [RecoveryView];
  return row;
}
