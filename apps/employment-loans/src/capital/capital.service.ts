import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { type Actor, scopeOf } from '@ansinh/auth';
import {
  inTransaction,
  type Page,
  pageOf,
  readCursor,
  type Transaction,
  violatedConstraint,
} from '@ansinh/database';
import { type Command, Commands } from '@ansinh/idempotency';
import { moveBetween } from '@ansinh/ledger';
import { officeCovers } from '@ansinh/places';
import { ProblemError } from '@ansinh/problem';
import { digestOf } from '../audit/record-digest.js';
import type { CapitalSource } from '../product/approving-body.js';
import type { CapitalPlanFilter, CapitalPlanView, CreateCapitalPlan, PlanCapital } from './capital.dto.js';
import {
  type CapitalAccount,
  capitalAccounts,
  type CapitalEntry,
  capitalLedger,
  lockAccounts,
  yearNow,
} from './capital-ledger.js';
import { capitalProblems } from './capital.problems.js';

export interface CapitalPlanRow {
  id: string;
  place_code: string;
  year: number;
  source: CapitalSource;
  limit_below_province: string | null;
}

const columns = 'id, place_code, year, source, limit_below_province';

@Injectable()
export class CapitalService {
  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    private readonly commands: Commands,
  ) {}

  /** A plan begins without money; decisions bring it. @throws ProblemError CAPITAL_PLAN_EXISTS, CAPITAL_PLAN_ELSEWHERE */
  async create(input: CreateCapitalPlan, command: Command): Promise<CapitalPlanView> {
    return this.commands.run(command, 'capitalPlan.create', async (tx) => {
      if (!officeCovers(command.actor.office, input.placeCode))
        throw new ProblemError(capitalProblems.elsewhere);
      const id = uuidv7();
      const { placeCode, year, source, limitBelowProvince = null } = input;
      const made = (await tx.query(
        `INSERT INTO capital_plan (${columns}, created_by) VALUES ($1, $2, $3, $4, $5, $6)
         ON CONFLICT ON CONSTRAINT capital_plan_once DO NOTHING RETURNING id`,
        [id, placeCode, year, source, limitBelowProvince, command.actor.id],
      )) as unknown[];
      if (made.length === 0) throw new ProblemError(capitalProblems.exists);
      await capitalLedger.open(tx, [id], capitalAccounts);
      const after = await digestOf(tx, 'capitalPlan', id);
      return { result: await viewById(tx, id), subject: `capitalPlan/${id}`, before: null, after };
    });
  }

  /** Books what a decision gives to the plan, or takes from what is left of it. @throws ProblemError CAPITAL_PLAN_NOT_FOUND, CAPITAL_DECISION_BOOKED, CAPITAL_EXHAUSTED */
  async plan(id: string, { amount, decision }: PlanCapital, command: Command): Promise<CapitalPlanView> {
    return this.commands.run(command, 'capitalPlan.plan', async (tx) => {
      await findCapitalPlan(tx, id);
      const before = await digestOf(tx, 'capitalPlan', id);
      await postDecision(tx, id, decision, BigInt(amount));
      const after = await digestOf(tx, 'capitalPlan', id);
      const facts = { amount, decision };
      return { result: await viewById(tx, id), subject: `capitalPlan/${id}`, before, after, facts };
    });
  }

  /**
   * Brings what has come back in earlier years of the fund and is not lent again. What comes back while there is this plan needs
   * no decision: it is available here at once.
   * @throws ProblemError CAPITAL_PLAN_NOT_FOUND, CAPITAL_PLAN_ELSEWHERE, CAPITAL_DECISION_BOOKED
   */
  async carryOver(id: string, decision: string, command: Command): Promise<CapitalPlanView> {
    return this.commands.run(command, 'capitalPlan.carryOver', async (tx) => {
      const plan = await findCapitalPlan(tx, id);
      if (plan.year !== yearNow()) throw new ProblemError(capitalProblems.elsewhere);
      const before = await digestOf(tx, 'capitalPlan', id);
      const brought = await revolvedBefore(tx, plan);
      await post(
        tx,
        brought.flatMap(({ planId, year, amount }) => [
          carryOf(planId, `${decision}/${plan.year}`, moveBetween('available', 'carried', amount)),
          carryOf(id, `${decision}/${year}`, moveBetween('carried', 'available', amount)),
        ]),
      );
      const after = await digestOf(tx, 'capitalPlan', id);
      const ofYears = Object.fromEntries(brought.map(({ year, amount }) => [year, amount.toString()]));
      const facts = { decision, brought: ofYears };
      return { result: await viewById(tx, id), subject: `capitalPlan/${id}`, before, after, facts };
    });
  }

  async get(id: string, actor: Actor): Promise<CapitalPlanView> {
    return inTransaction(this.dataSource, scopeOf(actor), (tx) => viewById(tx, id));
  }

  async list(filter: CapitalPlanFilter, actor: Actor): Promise<Page<CapitalPlanView>> {
    const after = readCursor(filter.after, 'uuid')?.[0] ?? null;
    return inTransaction(this.dataSource, scopeOf(actor), async (tx) => {
      const rows = (await tx.query(
        `SELECT ${columns} FROM capital_plan
         WHERE ($1::uuid IS NULL OR id > $1) AND ($2::int IS NULL OR year = $2) AND ($3::text IS NULL OR place_code = $3)
         ORDER BY id LIMIT $4`,
        [after, filter.year ?? null, filter.placeCode ?? null, filter.limit + 1],
      )) as CapitalPlanRow[];
      return pageOf(await viewsOf(tx, rows), filter.limit, ({ id }) => [id]);
    });
  }
}

/** By id; those of another office are left out. */
export async function findCapitalPlans(
  tx: Transaction,
  ids: readonly string[],
): Promise<Map<string, CapitalPlanRow>> {
  const rows = (await tx.query(`SELECT ${columns} FROM capital_plan WHERE id = ANY($1::uuid[])`, [
    ids,
  ])) as CapitalPlanRow[];
  return new Map(rows.map((row) => [row.id, row]));
}

/** @throws ProblemError CAPITAL_PLAN_NOT_FOUND, also for a plan of another office */
async function findCapitalPlan(tx: Transaction, id: string): Promise<CapitalPlanRow> {
  const [row] = [...(await findCapitalPlans(tx, [id])).values()];
  if (!row) throw new ProblemError(capitalProblems.notFound);
  return row;
}

async function postDecision(tx: Transaction, id: string, decision: string, amount: bigint): Promise<void> {
  const postings = moveBetween<CapitalAccount>('planned', 'available', amount);
  await post(tx, [{ owner: id, kind: 'plan', reference: decision, postings }]);
}

interface Revolved {
  planId: string;
  year: number;
  amount: bigint;
}

/** Of each earlier plan of the fund what was collected there or brought there, and is still available. */
async function revolvedBefore(
  tx: Transaction,
  { id, place_code: place, source, year }: CapitalPlanRow,
): Promise<Revolved[]> {
  const earlier = (await tx.query(
    'SELECT id, year FROM capital_plan WHERE place_code = $1 AND source = $2 AND year < $3 ORDER BY year',
    [place, source, year],
  )) as Pick<CapitalPlanRow, 'id' | 'year'>[];
  const ids = earlier.map((plan) => plan.id);
  await lockAccounts(
    tx,
    [...ids, id].flatMap((planId) =>
      (['available', 'carried'] as const).map((account) => ({ planId, account })),
    ),
  );
  const balances = await capitalLedger.balances(tx, ids);
  return earlier.flatMap((plan) => {
    const { available = 0n, collected = 0n, carried = 0n } = balances.get(plan.id)!;
    const revolving = -collected - carried;
    const amount = revolving < available ? revolving : available;
    return amount > 0n ? [{ planId: plan.id, year: plan.year, amount }] : [];
  });
}

const carryOf = (owner: string, reference: string, postings: CapitalEntry['postings']): CapitalEntry => ({
  owner,
  kind: 'carryOver',
  reference,
  postings,
});

/** @throws ProblemError CAPITAL_DECISION_BOOKED, CAPITAL_EXHAUSTED */
async function post(tx: Transaction, entries: readonly CapitalEntry[]): Promise<void> {
  try {
    await capitalLedger.post(tx, entries);
  } catch (error) {
    const constraint = violatedConstraint(error);
    if (constraint === 'capital_transaction_once') throw new ProblemError(capitalProblems.changed);
    if (constraint === 'capital_account_covered') throw new ProblemError(capitalProblems.exhausted);
    throw error;
  }
}

async function viewById(tx: Transaction, id: string): Promise<CapitalPlanView> {
  return (await viewsOf(tx, [await findCapitalPlan(tx, id)]))[0]!;
}

async function viewsOf(tx: Transaction, rows: CapitalPlanRow[]): Promise<CapitalPlanView[]> {
  const balances = await capitalLedger.balances(
    tx,
    rows.map(({ id }) => id),
  );
  return rows.map((row) => {
    const { planned = 0n, collected = 0n, carried = 0n } = balances.get(row.id)!;
    const { available = 0n, committed = 0n, ordered = 0n, lent = 0n } = balances.get(row.id)!;
    return {
      id: row.id,
      placeCode: row.place_code,
      year: row.year,
      source: row.source,
      limitBelowProvince: row.limit_below_province,
      planned: (-planned).toString(),
      collected: (-collected).toString(),
      carried: (-carried).toString(),
      available: available.toString(),
      committed: committed.toString(),
      ordered: ordered.toString(),
      lent: lent.toString(),
    };
  });
}
