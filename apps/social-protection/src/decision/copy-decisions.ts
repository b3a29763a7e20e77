import { Readable } from 'node:stream';
import { copyValue } from '@ansinh/copy-text';
import { copyRows, type Transaction } from '@ansinh/database';
import type { Decision } from '@ansinh/policy';

/** A decision as it is kept, on a row of a list or on a beneficiary. */
export interface KeptDecision {
  id: string;
  /** First day; null where a programme pays once. */
  month: string | null;
  personKey: string;
  officeCode: string;
  decision: Decision;
  /** As JSON: what it was made with, and can be made with again. */
  facts: Record<string, unknown>;
  /** Facts that stood against it or were missing; none where it is granted. */
  because: readonly string[];
}

/** What is owed by a decision, and has its id. */
export interface KeptEntitlement {
  id: string;
  programme: string;
  choice: string;
  personKey: string;
  officeCode: string;
  /** What may be had once. */
  benefit: string;
  slot: number | null;
  /** Tells what is paid for one period apart; from 1. */
  ordinal: number;
  period: string;
  amount: bigint;
  /** Who is paid, of what may be paid to somebody else. */
  payeeKey: string | null;
}

type Values = readonly Parameters<typeof copyValue>[0][];

/**
 * @param made decisions as they are made: PostgreSQL takes in the first while the next are worked out
 * @param more columns of its own kind, with their values
 */
export async function copyDecisions<Made extends KeptDecision>(
  tx: Transaction,
  runId: string,
  made: Iterable<Made>,
  more: { columns: string; values: (made: Made) => Values },
): Promise<void> {
  const columns = `id, run_id, month, person_key, office_code, outcome, amount, rules, because, facts, digest, ${more.columns}`;
  await copyLines(tx, `decision (${columns})`, made, (each) => {
    const { id, month, personKey, officeCode, decision, facts, because } = each;
    const rules = decision.outcome === 'granted' ? decision.chosen.map(({ rule }) => rule.id) : [];
    return [
      id,
      runId,
      month,
      personKey,
      officeCode,
      decision.outcome,
      decision.amount,
      arrayOf(rules),
      arrayOf(because),
      JSON.stringify(facts),
      `\\x${decision.digest}`,
      ...more.values(each),
    ];
  });
}

export async function copyEntitlements(
  tx: Transaction,
  runId: string,
  owed: readonly KeptEntitlement[],
): Promise<void> {
  const columns =
    'id, run_id, programme, choice, person_key, office_code, benefit, slot, ordinal, period, amount, payee_key';
  await copyLines(tx, `entitlement (${columns})`, owed, (each) => [
    each.id,
    runId,
    each.programme,
    each.choice,
    each.personKey,
    each.officeCode,
    each.benefit,
    each.slot,
    each.ordinal,
    each.period,
    each.amount,
    each.payeeKey,
  ]);
}

/** Names of rules and facts: letters, digits, points and hyphens. */
const arrayOf = (names: readonly string[]) => `{${names.join(',')}}`;

/** Lines of a COPY that are handed over at once: a write of each of them alone costs more than its making. */
const linesPerWrite = 200;

async function copyLines<Row>(
  tx: Transaction,
  target: string,
  rows: Iterable<Row>,
  valuesOf: (row: Row) => Values,
): Promise<void> {
  await copyRows(tx, target, Readable.from(textOf(rows, valuesOf)));
}

function* textOf<Row>(rows: Iterable<Row>, valuesOf: (row: Row) => Values): Generator<string> {
  let lines: string[] = [];
  for (const row of rows) {
    lines.push(`${valuesOf(row).map(copyValue).join('\t')}\n`);
    if (lines.length < linesPerWrite) continue;
    yield lines.join('');
    lines = [];
  }
  if (lines.length > 0) yield lines.join('');
}
