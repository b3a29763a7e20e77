import { Inject, Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { type Actor, scopeOf } from '@ansinh/auth';
import { calendarMonthsBetween, todayInVietnam } from '@ansinh/calendar';
import {
  asSystem,
  canGo,
  inTransaction,
  limitStatement,
  type Page,
  pageOf,
  readCursor,
  type Transaction,
  violatedConstraint,
} from '@ansinh/database';
import { type Command, Commands } from '@ansinh/idempotency';
import type { Policy } from '@ansinh/policy';
import { ProblemError } from '@ansinh/problem';
import { digestOf } from '../audit/record-digest.js';
import { awaitStated } from '../beneficiary/stating.js';
import { type Config, configToken } from '../config.js';
import { lawOf } from '../law.js';
import { isMonthly, type ListedProgrammeCode, type MonthlyProgrammeCode } from '../programme/programmes.js';
import { settleRecoveries } from '../recovery/deduct.js';
import { type DecidedChunk, decideChunk } from './decide-chunk.js';
import { decideMembers } from './decide-members.js';
import type { RunsQuery, RunView, StartRun } from './run.dto.js';
import { runProblems } from './run.problems.js';
import { monthsToLookAt, takeLists, takeMembers } from './run-rows.js';
import { type RunState, runStates } from './run.states.js';
import { paymentDueOn } from '../terms/terms.js';

const secondsMax = 300;
/** What the tables are found by: statistics of facts, rules and digests take longer than all the others together, and nobody asks for them. */
const analyse = `ANALYZE decision (id, run_id, list_id, row_no, month, beneficiary_id, person_key, office_code, outcome, change),
  entitlement (id, run_id, programme, person_key, period, is_released)`;

type LockedRun = RunRow & {
  atList: number;
  atRow: number;
  citations: Record<string, unknown>;
};

/**
 * Deciding on lists. A run is decided chunk by chunk; whoever was stopped asks for the next chunk, since the place reached
 * stands in the transaction of its decisions. Then somebody submits it, and somebody else approves it as a whole.
 */
@Injectable()
export class RunService {
  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    private readonly commands: Commands,
    @Inject(configToken) private readonly config: Config,
  ) {}

  /** @throws ProblemError SUPPORT_RUN_FUTURE_DAY, SUPPORT_RUN_MONTH, SUPPORT_RUN_EMPTY */
  async start(input: StartRun, command: Command): Promise<RunView> {
    const { programme, decidedOn, lists } = input;
    checkStart(input);
    return this.commands.run(command, 'support.run.start', async (tx) => {
      await limitStatement(tx, secondsMax);
      const id = uuidv7();
      const { actor } = command;
      const month = input.month === undefined ? null : `${input.month}-01`;
      if (month) await awaitStated(tx, programme);
      const backTo = month && (await backToOf(tx, input, month, actor));
      await tx.query(
        `INSERT INTO support_run (id, programme, office_code, decided_on, month, back_to, state, rows, created_by, created_by_name)
         VALUES ($1, $2, $3, $4, $5, $6, 'deciding', 0, $7, $8)`,
        [id, programme, actor.office, decidedOn, month, backTo, actor.id, actor.name],
      );
      const run = { id, programme, decidedOn };
      const rows = month ? await takeMembers(tx, run, month, actor) : await takeLists(tx, run, lists);
      if (rows === 0) throw new ProblemError(runProblems.nothing);
      await tx.query('UPDATE support_run SET rows = $2 WHERE id = $1', [id, rows]);
      const after = await digestOf(tx, 'run', id);
      const facts = { programme, decidedOn, rows, ...(month && { month, backTo }) };
      return { result: await viewRun(tx, id), subject: `support-run/${id}`, before: null, after, facts };
    });
  }

  async list({ programme, after, limit }: RunsQuery, actor: Actor): Promise<Page<RunView>> {
    const rows = (await inTransaction(this.dataSource, scopeOf(actor), (tx) =>
      tx.query(
        `SELECT ${columns} FROM support_run
         WHERE ($1::uuid IS NULL OR id > $1) AND ($2::text IS NULL OR programme = $2) ORDER BY id LIMIT $3`,
        [readCursor(after, 'uuid')?.[0] ?? null, programme ?? null, limit + 1],
      ),
    )) as RunRow[];
    return pageOf(rows.map(withDueDay), limit, ({ id }) => [id]);
  }

  /** @throws ProblemError SUPPORT_RUN_NOT_FOUND */
  async get(id: string, actor: Actor): Promise<RunView> {
    return inTransaction(this.dataSource, scopeOf(actor), (tx) => viewRun(tx, id));
  }

  /** @throws ProblemError SUPPORT_RUN_NOT_FOUND, SUPPORT_RUN_STATE, SUPPORT_RUN_LAW_CHANGED */
  async decide(id: string, command: Command): Promise<RunView> {
    return this.change(id, command, 'support.run.decide', async (tx, run) => {
      if (run.state !== 'deciding') throw new ProblemError(runProblems.state);
      const law = await lawOf(tx);
      // Under the policies each row would be asked of its list once more; the lists were seen when the run was made.
      const chunk = await asSystem(tx, () => decideNext(tx, run, law, this.config));
      if (run.lawDigest !== null && run.lawDigest !== chunk.lawDigest)
        throw new ProblemError(runProblems.law);
      const taken = run.taken + chunk.rows;
      const isDecided = taken === run.rows;
      await tx.query(
        `UPDATE support_run SET taken = $2, at_list = $3, at_row = $4, law_digest = $5, citations = $6, state = $7
         WHERE id = $1`,
        [
          id,
          taken,
          chunk.atList,
          chunk.atRow,
          chunk.lawDigest,
          JSON.stringify(run.citations),
          isDecided ? 'decided' : 'deciding',
        ],
      );
      // New tables have no statistics; without them a later chunk is planned as if they were empty.
      if (isDecided || !(await isAnalysed(tx))) await asSystem(tx, () => tx.query(analyse));
      if (isDecided) {
        const digest = await asSystem(tx, () => digestOfDecisions(tx, run));
        await tx.query('UPDATE support_run SET digest = $2 WHERE id = $1', [id, digest]);
      }
      return { rows: chunk.rows, granted: chunk.granted, amount: String(chunk.amount) };
    });
  }

  /** @throws ProblemError SUPPORT_RUN_NOT_FOUND, SUPPORT_RUN_STATE */
  async submit(id: string, command: Command): Promise<RunView> {
    return this.change(id, command, 'support.run.submit', async (tx, run) => {
      await moveRun(tx, run, 'submitted');
      await tx.query('UPDATE support_run SET submitted_by = $2, submitted_by_name = $3 WHERE id = $1', [
        id,
        command.actor.id,
        command.actor.name,
      ]);
      return { digest: run.digest };
    });
  }

  /**
   * @param digest of the run that the checker looked at
   * @throws ProblemError SUPPORT_RUN_NOT_FOUND, SUPPORT_RUN_STATE, SUPPORT_RUN_DIGEST, SUPPORT_RUN_OWN
   */
  async approve(id: string, digest: string, command: Command): Promise<RunView> {
    return this.change(id, command, 'support.run.approve', async (tx, run) => {
      await moveRun(tx, run, 'approved');
      if (run.digest !== digest) throw new ProblemError(runProblems.digest);
      await judge(tx, run, 'approved', null, command.actor);
      if (run.month === null) return { digest };
      const settled = await asSystem(tx, async () => {
        await noteCategories(tx, id);
        return settleRecoveries(tx, run, command.actor);
      });
      return { digest, ...(settled.length > 0 && { settled }) };
    });
  }

  /** @throws ProblemError SUPPORT_RUN_NOT_FOUND, SUPPORT_RUN_STATE, SUPPORT_RUN_BUILT_UPON */
  async reject(id: string, reason: string, command: Command): Promise<RunView> {
    return this.change(id, command, 'support.run.reject', async (tx, run) => {
      await moveRun(tx, run, 'rejected');
      if (run.month !== null) await requireNothingBuiltUpon(tx, run);
      await judge(tx, run, 'rejected', reason, command.actor);
      await asSystem(tx, () => tx.query('UPDATE entitlement SET is_released = true WHERE run_id = $1', [id]));
      await tx.query('UPDATE run_list SET is_released = true WHERE run_id = $1', [id]);
      return { reason };
    });
  }

  private async change(
    id: string,
    command: Command,
    verb: string,
    work: (tx: Transaction, run: LockedRun) => Promise<Record<string, unknown>>,
  ): Promise<RunView> {
    return this.commands.run(command, verb, async (tx) => {
      await limitStatement(tx, secondsMax);
      const [run] = (await tx.query(
        `SELECT ${columns}, at_list AS "atList", at_row AS "atRow", citations FROM support_run WHERE id = $1 FOR UPDATE`,
        [id],
      )) as LockedRun[];
      if (!run) throw new ProblemError(runProblems.notFound);
      const before = await digestOf(tx, 'run', id);
      const facts = await work(tx, run);
      const after = await digestOf(tx, 'run', id);
      return { result: await viewRun(tx, id), subject: `support-run/${id}`, before, after, facts };
    });
  }
}

/** @throws ProblemError SUPPORT_RUN_FUTURE_DAY, SUPPORT_RUN_MONTH */
function checkStart({ programme, decidedOn, month, backTo, lists }: StartRun): void {
  if (decidedOn > todayInVietnam()) throw new ProblemError(runProblems.future);
  const isOfMonth = month !== undefined && lists === undefined;
  if (isMonthly(programme) ? !isOfMonth : month !== undefined || backTo !== undefined)
    throw new ProblemError(runProblems.month);
  // The list of a month is made in the month before it (Decree 20/2021 article 34).
  if (month !== undefined && calendarMonthsBetween(decidedOn, `${month}-01`) > 1)
    throw new ProblemError(runProblems.month);
}

const monthsBackMax = 60;

/** @throws ProblemError SUPPORT_RUN_MONTH */
async function backToOf(
  tx: Transaction,
  { programme, backTo }: StartRun,
  month: string,
  actor: Actor,
): Promise<string> {
  if (backTo === undefined) return monthsToLookAt(tx, programme, month, actor);
  const months = calendarMonthsBetween(`${backTo}-01`, month);
  if (months < 0 || months > monthsBackMax) throw new ProblemError(runProblems.month);
  return `${backTo}-01`;
}

/** The next rows of lists, or the next people of the register. */
function decideNext(
  tx: Transaction,
  run: LockedRun,
  law: Policy,
  { decisionRows, decisionPeople }: Config,
): Promise<DecidedChunk> {
  const { programme, month, backTo, ...rest } = run;
  return month !== null && backTo !== null
    ? decideMembers(
        tx,
        {
          ...rest,
          programme: programme as MonthlyProgrammeCode,
          month: `${month}-01`,
          backTo: `${backTo}-01`,
        },
        law,
        decisionPeople,
      )
    : decideChunk(tx, { ...rest, programme: programme as ListedProgrammeCode }, law, decisionRows);
}

/** By what everybody is paid now: what the register is looked through by. */
async function noteCategories(tx: Transaction, runId: string): Promise<void> {
  await tx.query(
    `UPDATE beneficiary b SET category = d.rules[1] FROM decision d JOIN support_run run ON run.id = d.run_id
     WHERE d.run_id = $1 AND d.month = run.month AND d.outcome = 'granted' AND b.id = d.beneficiary_id
       AND b.category IS DISTINCT FROM d.rules[1]`,
    [runId],
  );
}

const columns = `id, programme, decided_on::text AS "decidedOn", to_char(month, 'YYYY-MM') AS month,
  to_char(back_to, 'YYYY-MM') AS "backTo", state, rows, taken, law_digest AS "lawDigest", digest,
  created_by AS "createdBy", to_char(created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS "createdAt"`;

/** @throws ProblemError SUPPORT_RUN_NOT_FOUND */
async function viewRun(tx: Transaction, id: string): Promise<RunView> {
  const [run] = (await tx.query(`SELECT ${columns} FROM support_run WHERE id = $1`, [id])) as RunRow[];
  if (!run) throw new ProblemError(runProblems.notFound);
  return withDueDay(run);
}

type RunRow = Omit<RunView, 'dueOn'>;

function withDueDay(run: RunRow): RunView {
  return { ...run, dueOn: run.month && paymentDueOn(run.programme, `${run.month}-01`) };
}

/** @throws ProblemError SUPPORT_RUN_STATE */
async function moveRun(tx: Transaction, run: LockedRun, to: RunState): Promise<void> {
  if (!canGo(runStates, run.state, to)) throw new ProblemError(runProblems.state);
  await tx.query('UPDATE support_run SET state = $2 WHERE id = $1', [run.id, to]);
}

/** The database refuses an approval by a maker. @throws ProblemError SUPPORT_RUN_OWN */
async function judge(
  tx: Transaction,
  run: LockedRun,
  verdict: 'approved' | 'rejected',
  reason: string | null,
  actor: Actor,
): Promise<void> {
  try {
    await tx.query(
      `INSERT INTO run_approval (run_id, verdict, digest, reason, actor_id, actor_name)
       VALUES ($1, $2, $3, $4, $5, $6)`,
      [run.id, verdict, run.digest ?? '', reason, actor.id, actor.name],
    );
  } catch (error) {
    if (violatedConstraint(error) === 'maker_is_not_checker') throw new ProblemError(runProblems.own);
    throw error;
  }
}

/** By how many rows PostgreSQL expects: none or -1 in a table that nothing is known of. */
async function isAnalysed(tx: Transaction): Promise<boolean> {
  const [table] = (await tx.query(
    `SELECT reltuples > 0 AS known FROM pg_class WHERE oid = 'decision'::regclass`,
  )) as [{ known: boolean }];
  return table.known;
}

/**
 * What it kept back of a month that was right after all, a later run has given back already: released here, it would be given twice.
 * @throws ProblemError SUPPORT_RUN_BUILT_UPON
 */
async function requireNothingBuiltUpon(tx: Transaction, { id, programme }: LockedRun): Promise<void> {
  await tx.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [`support ${programme}`]);
  const [later] = (await asSystem(tx, () =>
    tx.query(
      `SELECT FROM entitlement e JOIN recovery_entry entry ON entry.entitlement_id = e.id
       JOIN decision d ON d.beneficiary_id = entry.beneficiary_id AND d.month = entry.month AND d.change = 'arrears' AND d.id > e.id
       JOIN support_run run ON run.id = d.run_id AND run.id <> e.run_id AND run.state <> 'rejected'
       WHERE e.run_id = $1 AND e.deducted > 0 LIMIT 1`,
      [id],
    ),
  )) as object[];
  if (later) throw new ProblemError(runProblems.builtUpon);
}

/** Of all decisions in the order of lists, rows and months, or of beneficiaries and months: whoever made them, and when. */
async function digestOfDecisions(tx: Transaction, { id, month }: LockedRun): Promise<string> {
  const [row] = (await tx.query(
    month === null
      ? `SELECT encode(sha256(string_agg(d.digest, ''::bytea ORDER BY rl.number, d.row_no, d.month)), 'hex') AS digest
         FROM decision d JOIN run_list rl ON rl.run_id = d.run_id AND rl.list_id = d.list_id WHERE d.run_id = $1`
      : // Where nothing is different from what was decided before there is no decision.
        // What is deducted is signed with the decision that it is deducted from.
        `SELECT encode(sha256(coalesce(string_agg(d.digest || coalesce(int8send(e.deducted), ''),
           ''::bytea ORDER BY d.beneficiary_id, d.month), '')), 'hex') AS digest
         FROM decision d LEFT JOIN entitlement e ON e.id = d.id AND e.run_id = d.run_id AND e.deducted > 0 WHERE d.run_id = $1`,
    [id],
  )) as { digest: string }[];
  return row!.digest;
}
