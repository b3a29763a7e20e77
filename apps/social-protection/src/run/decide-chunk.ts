import type { Transaction } from '@ansinh/database';
import type { Policy } from '@ansinh/policy';
import { copyDecisions, type KeptEntitlement, rowsOfNextBlock } from '../decision/copy-decisions.js';
import { addCitations, decideRows, type KnownOfPeople, type MadeDecision } from '../decision/decide-rows.js';
import { monthsAsked, type RowToDecide } from '../decision/facts-of-row.js';
import { rowIds } from '../decision/row-ids.js';
import { isClaim, type ListedProgrammeCode } from '../programme/programmes.js';
import { lastAllowancesOf, Ordinals, payeeOf } from './known-of-claims.js';

interface RunAt {
  id: string;
  programme: ListedProgrammeCode;
  decidedOn: string;
  atList: number;
  atRow: number;
  citations: Record<string, unknown>;
}

interface Owed {
  entitlement: KeptEntitlement | null;
}

export interface DecidedChunk {
  rows: number;
  granted: number;
  amount: bigint;
  lawDigest: string;
  atList: number;
  atRow: number;
}

/**
 * Decides the next rows of a run: everything that is known of their people is asked by a few statements, and decisions and
 * entitlements enter by two COPYs a block. Decisions of one programme are made one transaction after the other.
 */
export async function decideChunk(
  tx: Transaction,
  run: RunAt,
  policy: Policy,
  rowsMax: number,
): Promise<DecidedChunk> {
  await tx.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [`support ${run.programme}`]);
  const rows = await nextRows(tx, run, rowsMax);
  const known = await knownOf(tx, run, rows);
  const ordinals = isClaim(run.programme) ? await Ordinals.of(tx, run.programme, periodOf(run), rows) : null;
  const nextId = rowIds();
  const chunk = { rows: 0, granted: 0, amount: 0n };
  const made = function* (block: readonly RowToDecide[]): Generator<MadeDecision & Owed> {
    for (const one of decideRows(block, known, { policy, asOf: run.decidedOn, nextId })) {
      addCitations(run.citations, one.decision);
      const entitlement = one.taken && entitlementOf(run, one, ordinals);
      if (entitlement) {
        chunk.granted += 1;
        chunk.amount += entitlement.amount;
      }
      yield { ...one, entitlement };
    }
  };
  const kind = {
    columns: 'list_id, row_no',
    values: ({ row }: MadeDecision) => [row.listId, row.row],
  };
  await copyDecisions(tx, run.id, kind, async () => {
    const block = rows.slice(chunk.rows, chunk.rows + rowsOfNextBlock(chunk.rows));
    chunk.rows += block.length;
    return block.length === 0 ? null : made(block);
  });
  const last = rows.at(-1)!;
  return {
    ...chunk,
    lawDigest: policy.programmeAt(run.programme, run.decidedOn).digest,
    atList: last.listNumber,
    atRow: last.row,
  };
}

async function nextRows(tx: Transaction, run: RunAt, rowsMax: number): Promise<RowToDecide[]> {
  return (await tx.query(
    `SELECT l.id AS "listId", rl.number AS "listNumber", r.row_no AS row, r.person_key AS "personKey",
       r.payee_key AS "payeeKey", l.office_code AS "officeCode", l.programme, l.choice, l.months::text[] AS months,
       l.received_on::text AS "receivedOn", l.employer_type AS "employerType", l.employer_tax_code AS "taxCode",
       l.place_code AS "placeCode", r.facts
     FROM run_list rl
     JOIN support_list l ON l.id = rl.list_id
     CROSS JOIN LATERAL (
       SELECT row_no, person_key, payee_key, facts FROM list_row
       WHERE list_id = rl.list_id AND NOT is_blocked AND row_no > CASE WHEN rl.number = $2 THEN $3 ELSE 0 END
       ORDER BY row_no LIMIT $4) r
     WHERE rl.run_id = $1 AND rl.number >= $2
     ORDER BY rl.number, r.row_no LIMIT $4`,
    [run.id, run.atList, run.atRow, rowsMax],
  )) as RowToDecide[];
}

async function knownOf(tx: Transaction, run: RunAt, rows: readonly RowToDecide[]): Promise<KnownOfPeople> {
  const keys = [...new Set(rows.map(({ personKey }) => personKey))];
  const months = [...new Set(rows.flatMap(monthsAsked))];
  const taken = (await tx.query(
    `SELECT person_key AS key, benefit, choice, slot FROM entitlement
     WHERE programme = $1 AND person_key = ANY ($2::uuid[]) AND NOT is_released`,
    [run.programme, keys],
  )) as { key: string; benefit: string; choice: string; slot: number | null }[];
  const answers = (await tx.query(
    // Lists are numbered in the order in which they came: the last answer counts.
    `SELECT DISTINCT ON (person_key, month, employer_tax_code)
       person_key AS key, month::text AS month, employer_tax_code AS "taxCode", is_insured AS "isInsured"
     FROM insurance_fact WHERE person_key = ANY ($1::uuid[]) AND month = ANY ($2::date[])
     ORDER BY person_key, month, employer_tax_code, list_id DESC`,
    [keys, months],
  )) as { key: string; month: string; taxCode: string; isInsured: boolean }[];
  const lastAllowances = run.programme === 'merit-death-once' ? await lastAllowancesOf(tx, rows) : new Map();
  const known: KnownOfPeople = { taken: new Map(), insured: new Map(), lastAllowances };
  for (const { key, benefit, choice, slot } of taken)
    entryOf(known.taken, key).set(benefit, { choice, slot });
  for (const { key, month, taxCode, isInsured } of answers)
    entryOf(known.insured, key).set(`${month} ${taxCode}`, isInsured);
  return known;
}

function entryOf<Value>(maps: Map<string, Map<string, Value>>, key: string): Map<string, Value> {
  const found = maps.get(key) ?? new Map<string, Value>();
  maps.set(key, found);
  return found;
}

const periodOf = ({ decidedOn }: RunAt) => decidedOn.slice(0, 4);

function entitlementOf(
  run: RunAt,
  { id, row, month, decision, taken }: MadeDecision,
  ordinals: Ordinals | null,
): KeptEntitlement {
  return {
    id,
    programme: row.programme,
    choice: row.choice,
    personKey: row.personKey,
    officeCode: row.officeCode,
    benefit: taken!.benefit,
    slot: taken!.slot,
    ordinal: ordinals?.next(row) ?? 1,
    period: month?.slice(0, 7) ?? periodOf(run),
    amount: decision.amount,
    payeeKey: ordinals && payeeOf(row),
  };
}
