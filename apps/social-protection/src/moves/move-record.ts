import type { Actor } from '@ansinh/auth';
import type { Transaction } from '@ansinh/database';
import type { MoveRule } from './move-tables.js';

type MovedTable = 'poverty_review' | 'review_correction' | 'grievance' | 'recovery';

interface Moving {
  id: string;
  state: string;
  moves: number;
}

export interface Move {
  kind: string;
  /** By what: minutes, a decision. */
  paper?: string | null;
  note?: string | null;
}

/** Where a move leads from a state; undefined where it may not be made there. */
export function stateAfter(rules: readonly MoveRule[], from: string, kind: string): string | undefined {
  return rules.find((rule) => rule.kind === kind && rule.from === from)?.to;
}

/**
 * Writes a move and the state that it leads to. The record is locked by the caller.
 * @param set columns that change with it, by the names that the code gives them
 */
export async function moveRecord(
  tx: Transaction,
  table: MovedTable,
  record: Moving,
  { to, actor, set = {}, ...move }: Move & { to: string; actor: Actor; set?: Record<string, string | null> },
): Promise<void> {
  await writeMove(tx, table, {
    id: record.id,
    number: record.moves + 1,
    from: record.state,
    to,
    actor,
    ...move,
  });
  const columns = Object.keys(set).map((column, index) => `, ${column} = $${index + 3}`);
  await tx.query(`UPDATE ${table} SET state = $2, moves = moves + 1${columns.join('')} WHERE id = $1`, [
    record.id,
    to,
    ...Object.values(set),
  ]);
}

/** The first move of a record stands with it: it is inserted with `moves` 1. */
export async function writeMove(
  tx: Transaction,
  table: MovedTable,
  move: Move & { id: string; number: number; from: string; to: string; actor: Actor },
): Promise<void> {
  await tx.query(
    `INSERT INTO ${table}_move (record_id, number, kind, from_state, to_state, paper, note, actor_id, actor_name)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
    [
      move.id,
      move.number,
      move.kind,
      move.from,
      move.to,
      move.paper ?? null,
      move.note ?? null,
      move.actor.id,
      move.actor.name,
    ],
  );
}
