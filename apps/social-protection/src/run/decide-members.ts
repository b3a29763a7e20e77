import { createHash } from 'node:crypto';
import { addDays, dayInMonth, monthStartOf } from '@ansinh/calendar';
import type { Transaction } from '@ansinh/database';
import type { AsOf, DecisionOutcome, Policy } from '@ansinh/policy';
import { factsOfMonth, type Statement } from '../beneficiary/facts-of-month.js';
import {
  copyDecisions,
  type KeptDecision,
  type KeptEntitlement,
  rowsOfNextBlock,
} from '../decision/copy-decisions.js';
import { addCitations, becauseOf, decideAgain } from '../decision/decide-rows.js';
import { rowIds } from '../decision/row-ids.js';
import type { MonthlyProgrammeCode } from '../programme/programmes.js';
import { stateOfEntitlement } from '../payout/entitlement-state.sql.js';
import { deductRecoveries } from '../recovery/deduct.js';
import { holds } from '../recovery/owed-months.sql.js';
import type { DecidedChunk } from './decide-chunk.js';
import { type Change, changeOf } from './month-change.js';
import { membersPerBlock } from './run-rows.js';

export interface MonthRunAt {
  id: string;
  programme: MonthlyProgrammeCode;
  decidedOn: string;
  /** First days: the month that is decided, and the first that is looked at again. */
  month: string;
  backTo: string;
  /** Number of the member that was decided last. */
  atRow: number;
  citations: Record<string, unknown>;
}

interface Member {
  number: number;
  id: string;
  personKey: string;
  officeCode: string;
  firstMonth: string;
  statements: Statement[];
}

/** What was decided of a month by the run before this one. */
export interface EarlierDecision {
  id: string;
  outcome: DecisionOutcome;
  amount: bigint;
}

/** What somebody is entitled to for a month already, and by how many entitlements. */
interface Entitled {
  amount: bigint;
  times: number;
}

const nothing: Entitled = { amount: 0n, times: 0 };

interface MadeOfMonth extends KeptDecision {
  member: Member;
  month: string;
  change: Change | null;
  earlierId: string | null;
  amountBefore: bigint;
  entitlement: KeptEntitlement | null;
}

/** A month to decide on, with what was decided and is owed of it. */
interface AskedMonth {
  month: string;
  moment: AsOf;
  had: Map<string, Entitled> | undefined;
  decided: Map<string, EarlierDecision> | undefined;
  decidedBefore: Map<string, EarlierDecision> | undefined;
}

/**
 * Decides on the next beneficiaries of a run of a month, block by block: what is known of them is asked by two or three statements, decisions
 * and entitlements enter by two COPYs. Of a month that was decided before only what is different now is kept: what is more is owed
 * beside what was, what is less is told and nothing else.
 */
export async function decideMembers(
  tx: Transaction,
  run: MonthRunAt,
  policy: Policy,
  rowsMax: number,
): Promise<DecidedChunk> {
  await tx.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [`support ${run.programme}`]);
  const months = monthsOf(run);
  const nextId = rowIds();
  const end = run.atRow + rowsMax;
  const chunk = { rows: 0, granted: 0, amount: 0n, atList: 0, atRow: run.atRow };
  const made = function* (members: readonly Member[], asked: readonly AskedMonth[]): Generator<MadeOfMonth> {
    for (const member of members) {
      for (const { month, moment, had, decided, decidedBefore } of asked) {
        if (month < member.firstMonth) continue;
        const known = had?.get(member.personKey) ?? nothing;
        const again = decided?.get(member.id);
        const before = decidedBefore?.get(member.id);
        const one = decideMonth(run, policy, { nextId, member, month, moment, known, again, before });
        if (!one) continue;
        addCitations(run.citations, one.decision);
        if (one.entitlement) {
          chunk.granted += 1;
          chunk.amount += one.entitlement.amount;
        }
        yield one;
      }
    }
  };
  const moments = months.map((month) => ({ month, moment: momentOfMonth(month, run.decidedOn) }));
  const kind = {
    columns: 'beneficiary_id, earlier_id, amount_before, change',
    values: ({ member, earlierId, amountBefore, change }: MadeOfMonth) => [
      member.id,
      earlierId,
      amountBefore,
      change,
    ],
  };
  const isDecidedBefore = await wasDecided(tx, run);
  const decided: string[] = [];
  await copyDecisions(tx, run.id, kind, async () => {
    const to = Math.min(chunk.atRow + rowsOfNextBlock(chunk.rows), end);
    const members = await nextMembers(tx, run, chunk.atRow, to);
    if (members.length === 0) return null;
    chunk.rows += members.length;
    decided.push(...members.map(({ id }) => id));
    chunk.atRow = members.at(-1)!.number;
    const earlier = await earlierOf(tx, run, members);
    const entitled = isDecidedBefore ? await entitledOf(tx, run, members) : new Map<string, never>();
    const asked = moments.map(({ month, moment }) => ({
      month,
      moment,
      had: entitled.get(month.slice(0, 7)),
      decided: earlier.get(month),
      decidedBefore: month === run.month ? earlier.get(previousMonth(month)) : undefined,
    }));
    return made(members, asked);
  });
  await deductRecoveries(tx, run, decided);
  return { ...chunk, lawDigest: lawDigestOf(run, policy, months) };
}

/** First days of the months of a run, the earliest first. */
function monthsOf({ backTo, month }: Pick<MonthRunAt, 'backTo' | 'month'>): string[] {
  const months: string[] = [];
  for (let each = backTo; each <= month; each = dayInMonth(each, 1, 1)) months.push(each);
  return months;
}

const previousMonth = (month: string) => monthStartOf(addDays(month, -1));

/** Of a month: by the law that applies to it, as far as it was in force on the day of the decision. */
export const momentOfMonth = (month: string, decidedOn: string) =>
  Object.freeze({ day: month, knownOn: decidedOn });

/** A run of several months goes by the law of each of them. */
function lawDigestOf(run: MonthRunAt, policy: Policy, months: readonly string[]): string {
  const digests = months.map(
    (month) => policy.programmeAt(run.programme, momentOfMonth(month, run.decidedOn)).digest,
  );
  return digests.length === 1 ? digests[0]! : createHash('sha256').update(digests.join(' ')).digest('hex');
}

/**
 * Members with everything that was stated of them before the run was made, in the order in which it was recorded. Each by himself, which
 * OFFSET 0 holds the planner to: it would read what was ever stated of anybody, for each block again.
 */
async function nextMembers(tx: Transaction, run: MonthRunAt, after: number, to: number): Promise<Member[]> {
  const rows = (await tx.query(
    `SELECT m.number, b.id, b.person_key AS "personKey", b.office_code AS "officeCode",
       b.first_month::text AS "firstMonth", s.applies_from::text AS "appliesFrom", s.facts
     FROM support_run run
     CROSS JOIN LATERAL (
       SELECT member.id, (block.block_no * ${membersPerBlock} + member.place)::int AS number
       FROM member_block block CROSS JOIN unnest(block.members) WITH ORDINALITY AS member (id, place)
       WHERE block.run_id = run.id AND block.block_no BETWEEN $2::int / ${membersPerBlock} AND ($3 - 1) / ${membersPerBlock}) m
     JOIN beneficiary b ON b.id = m.id
     CROSS JOIN LATERAL (
       SELECT id, applies_from, facts FROM beneficiary_statement
       WHERE beneficiary_id = b.id AND recorded_at <= run.created_at OFFSET 0) s
     WHERE run.id = $1 AND m.number > $2 AND m.number <= $3
     ORDER BY m.number, s.id`,
    [run.id, after, to],
  )) as (Omit<Member, 'statements'> & Statement)[];
  const members: Member[] = [];
  for (const { appliesFrom, facts, ...member } of rows) {
    const last = members.at(-1);
    if (last?.number === member.number) last.statements.push({ appliesFrom, facts });
    else members.push({ ...member, statements: [{ appliesFrom, facts }] });
  }
  return members;
}

/**
 * Whether another run has looked at one of these months. As a rule none has: then nobody can be entitled to anything of them, and
 * nothing came back.
 */
async function wasDecided(tx: Transaction, { id, programme, backTo, month }: MonthRunAt): Promise<boolean> {
  const [found] = (await tx.query(
    `SELECT EXISTS (SELECT FROM support_run WHERE programme = $1 AND id <> $2 AND month >= $3 AND back_to <= $4) AS was`,
    [programme, id, backTo, month],
  )) as [{ was: boolean }];
  return found.was;
}

/** The last decisions on these months and the one before them, by runs that nobody rejected: by month, then by beneficiary. */
async function earlierOf(
  tx: Transaction,
  { id, backTo, month }: MonthRunAt,
  members: readonly Member[],
): Promise<Map<string, Map<string, EarlierDecision>>> {
  const rows = (await tx.query(
    `SELECT DISTINCT ON (d.beneficiary_id, d.month) d.beneficiary_id AS of, d.month::text AS month, d.id, d.outcome, d.amount::text AS amount
     FROM decision d JOIN support_run run ON run.id = d.run_id
     WHERE d.beneficiary_id = ANY ($1::uuid[]) AND d.month BETWEEN $2 AND $3 AND run.state <> 'rejected' AND run.id <> $4
     ORDER BY d.beneficiary_id, d.month, d.id DESC`,
    [members.map((member) => member.id), previousMonth(backTo), month, id],
  )) as { of: string; month: string; id: string; outcome: DecisionOutcome; amount: string }[];
  const byMonth = new Map<string, Map<string, EarlierDecision>>();
  for (const { of, month: on, id: decisionId, outcome, amount } of rows)
    inMonth(byMonth, on).set(of, { id: decisionId, outcome, amount: BigInt(amount) });
  return byMonth;
}

function inMonth<Value>(byMonth: Map<string, Map<string, Value>>, month: string): Map<string, Value> {
  const found = byMonth.get(month) ?? new Map<string, Value>();
  byMonth.set(month, found);
  return found;
}

/**
 * By month (`2022-03`), then by person. What came back of a month that was paid too much he has no more: were it right after all, it
 * would be owed to him again.
 */
async function entitledOf(
  tx: Transaction,
  { programme, backTo, month }: MonthRunAt,
  members: readonly Member[],
): Promise<Map<string, Map<string, Entitled>>> {
  const rows = (await tx.query(
    `SELECT key, period, sum(amount)::text AS amount, max(ordinal)::int AS times FROM (
       -- Also one that was released and that the bank paid after all: it reached him.
       SELECT e.person_key AS key, e.period, e.amount, e.ordinal FROM entitlement e
       WHERE e.programme = $1 AND e.person_key = ANY ($2::uuid[]) AND e.period BETWEEN $3 AND $4
         AND (NOT e.is_released OR e.is_released AND ${stateOfEntitlement('e', 'true')} = 'paid')
       UNION ALL
       SELECT b.person_key, to_char(entry.month, 'YYYY-MM'), -entry.amount, 0
       FROM recovery_entry entry JOIN beneficiary b ON b.id = entry.beneficiary_id
       WHERE entry.beneficiary_id = ANY ($5::uuid[]) AND entry.month BETWEEN $6 AND $7 AND entry.kind <> 'waived' AND ${holds('entry')}) had
     GROUP BY key, period`,
    [
      programme,
      members.map(({ personKey }) => personKey),
      backTo.slice(0, 7),
      month.slice(0, 7),
      members.map(({ id }) => id),
      backTo,
      month,
    ],
  )) as { key: string; period: string; amount: string; times: number }[];
  const byMonth = new Map<string, Map<string, Entitled>>();
  for (const { key, period, amount, times } of rows)
    inMonth(byMonth, period).set(key, { amount: BigInt(amount), times });
  return byMonth;
}

interface MonthToDecide {
  nextId: () => string;
  member: Member;
  month: string;
  moment: AsOf;
  known: Entitled;
  /** What was decided on this month already. */
  again: EarlierDecision | undefined;
  /** Of the month of the run: what was decided on the one before. */
  before: EarlierDecision | undefined;
}

/** Null where it was decided before, and comes to the same. */
function decideMonth(
  run: MonthRunAt,
  policy: Policy,
  { nextId, member, month, moment, known, again, before }: MonthToDecide,
): MadeOfMonth | null {
  const facts = factsOfMonth(run.programme, member.statements, month);
  const decision = decideAgain(policy, run.programme, facts, moment);
  const isShort = decision.outcome === 'granted' && known.amount < decision.amount;
  if (again && again.outcome === decision.outcome && again.amount === decision.amount && !isShort)
    return null;
  const isLookedAtAgain = again !== undefined || month < run.month;
  const amountBefore = isLookedAtAgain ? known.amount : (before?.amount ?? 0n);
  const id = nextId();
  const made = { id, month, personKey: member.personKey, officeCode: member.officeCode, decision, facts };
  const isGranted = decision.outcome === 'granted';
  const owed = decision.amount - known.amount;
  return {
    ...made,
    because: isGranted ? [] : becauseOf(decision, null),
    member,
    change: changeOf(decision, { amountBefore, isLookedAtAgain, isFirst: !again && !before }),
    earlierId: (again ?? before)?.id ?? null,
    amountBefore,
    entitlement:
      isGranted && owed > 0n ? entitlementOf(run.programme, made, { owed, ordinal: known.times + 1 }) : null,
  };
}

/** What is short of a month has a number of its own, so that it is another obligation than what was paid before. */
function entitlementOf(
  programme: MonthlyProgrammeCode,
  {
    id,
    month,
    personKey,
    officeCode,
    decision,
  }: Pick<MadeOfMonth, 'id' | 'month' | 'personKey' | 'officeCode' | 'decision'>,
  { owed, ordinal }: { owed: bigint; ordinal: number },
): KeptEntitlement {
  const period = month.slice(0, 7);
  const benefit = ordinal === 1 ? period : `${period}/${ordinal}`;
  const choice = decision.chosen[0]!.rule.id;
  const whole = { id, programme, choice, personKey, officeCode, benefit, slot: null, ordinal, period };
  return { ...whole, amount: owed, payeeKey: null };
}
