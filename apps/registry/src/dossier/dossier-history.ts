import type { Transaction } from '@ansinh/database';
import { type DossierMove, type Procedure, type Timetable, timetableOf } from '@ansinh/procedures';
import type { MoveKind } from './dossier.states.js';

export interface MoveRow {
  number: number;
  kind: MoveKind;
  at: Date;
  step: string | null;
  holder_code: string;
  assignee: string | null;
  documents: string[];
  outcome: string | null;
  note: string | null;
  promised_on: string | null;
  actor_name: string;
  service: string | null;
}

export async function movesOf(tx: Transaction, dossierId: string): Promise<MoveRow[]> {
  return (await tx.query(
    `SELECT number, kind, at, step, holder_code, assignee, documents, outcome, note, promised_on::text,
       actor_name, service
     FROM dossier_move WHERE dossier_id = $1 ORDER BY number`,
    [dossierId],
  )) as MoveRow[];
}

/** What its moves come to by the clock; null before it was received. */
export function timetableOfMoves(procedure: Procedure, moves: readonly MoveRow[]): Timetable | null {
  const first = moves.findIndex(({ kind }) => kind === 'received');
  return first < 0 ? null : timetableOf(procedure, moves.slice(first).flatMap(clockMove));
}

/**
 * What says nothing to the clock is left out: who works on it, that another day was promised, and that the result was fetched. A
 * withdrawal ends it.
 */
function clockMove({ kind, at, step }: MoveRow): DossierMove[] {
  switch (kind) {
    case 'forwarded':
      return [{ kind, at, step: step! }];
    case 'received':
    case 'supplementAsked':
    case 'supplemented':
    case 'held':
    case 'resumed':
    case 'decided':
      return [{ kind, at }];
    case 'withdrawn':
      return [{ kind: 'decided', at }];
    case 'presented':
    case 'refused':
    case 'assigned':
    case 'apologised':
    case 'returned':
      return [];
  }
}
