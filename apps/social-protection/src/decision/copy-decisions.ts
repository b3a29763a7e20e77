import { Readable } from 'node:stream';
import { setImmediate } from 'node:timers/promises';
import { ByteText, copyValue } from '@ansinh/copy-text';
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

/** Columns of decisions of one kind, with their values. */
interface Kind<Made> {
  columns: string;
  values: (made: Made) => Values;
}

/** A decision with what is owed by it. */
type Owing<Made> = Made & { entitlement: KeptEntitlement | null };

/** As COPY takes them. */
interface Lines {
  decisions: Uint8Array;
  entitlements: Uint8Array;
}

/** Rows or people of one block. */
export const rowsOfBlock = 2_000;
const rowsOfFirstBlock = 250;

/**
 * Of the next one: as many as came before in the transaction, up to a whole block. While the first is made PostgreSQL has nothing to
 * do, so that is a small one.
 */
export const rowsOfNextBlock = (before: number): number =>
  Math.min(Math.max(before, rowsOfFirstBlock), rowsOfBlock);

/**
 * Takes in decisions with what is owed by them, block by block. While a block is made PostgreSQL takes in the one before it and
 * reads what the next is made of; one after the other, each of the two would wait for the other.
 * @param nextBlock decisions that are made one by one as they are asked for; null behind the last. It has the connection to itself
 */
export async function copyDecisions<Made extends KeptDecision>(
  tx: Transaction,
  runId: string,
  kind: Kind<Owing<Made>>,
  nextBlock: () => Promise<Iterable<Owing<Made>> | null>,
): Promise<void> {
  const text = new DecisionText(runId, kind);
  let block = await nextBlock();
  let lines: Lines | null = null;
  while (block !== null) {
    const making = text.linesOf(block);
    const reading: ReturnType<typeof nextBlock> = text.takeIn(tx, lines).then(nextBlock);
    // Where one fails the other ends first: nobody goes on with a connection whose transaction was given up.
    await Promise.allSettled([making, reading]);
    [lines, block] = [await making, await reading];
  }
  await text.takeIn(tx, lines);
}

const entitlementColumns =
  'id, run_id, programme, choice, person_key, office_code, benefit, slot, ordinal, period, amount, payee_key';

/** Decisions that are made before PostgreSQL is listened to again: a third of a millisecond in which it may wait for us. */
const madeAtOnce = 10;

class DecisionText<Made extends KeptDecision> {
  private readonly decisions = new ByteText();
  private readonly entitlements = new ByteText();

  constructor(
    private readonly runId: string,
    private readonly kind: Kind<Owing<Made>>,
  ) {}

  async linesOf(block: Iterable<Owing<Made>>): Promise<Lines> {
    let made = 0;
    for (const each of block) {
      this.decisions.add(this.lineOf(each));
      if (each.entitlement) this.entitlements.add(this.lineOfOwed(each.entitlement));
      made += 1;
      if (made % madeAtOnce === 0) await setImmediate();
    }
    return { decisions: this.decisions.take(), entitlements: this.entitlements.take() };
  }

  async takeIn(tx: Transaction, lines: Lines | null): Promise<void> {
    if (lines === null) return;
    const columns = `id, run_id, month, person_key, office_code, outcome, amount, rules, because, facts, digest, ${this.kind.columns}`;
    await copyRows(tx, `decision (${columns})`, Readable.from([lines.decisions]));
    await copyRows(tx, `entitlement (${entitlementColumns})`, Readable.from([lines.entitlements]));
  }

  /** Ids, days, codes and numbers have nothing to escape, and are most of it. Joined: text that grows piece by piece is garbage twice over. */
  private lineOf(made: Owing<Made>): string {
    const { id, month, personKey, officeCode, decision, facts, because } = made;
    const { outcome, amount, digest } = decision;
    const rules = outcome === 'granted' ? decision.chosen.map(({ rule }) => rule.id).join(',') : '';
    const values = [id, this.runId, month ?? '\\N', personKey, officeCode, outcome, String(amount)];
    values.push(`{${rules}}`, `{${because.join(',')}}`, copyValue(JSON.stringify(facts)), `\\\\x${digest}`);
    for (const value of this.kind.values(made)) values.push(copyValue(value));
    return `${values.join('\t')}\n`;
  }

  private lineOfOwed(owed: KeptEntitlement): string {
    const { id, programme, choice, personKey, officeCode, benefit, slot, ordinal, period, amount, payeeKey } =
      owed;
    const of = [id, this.runId, programme, copyValue(choice), personKey, officeCode, copyValue(benefit)];
    return `${[...of, slot ?? '\\N', ordinal, period, amount, payeeKey ?? '\\N'].join('\t')}\n`;
  }
}
