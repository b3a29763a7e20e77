import { createHash } from 'node:crypto';
import type { Actor } from '@ansinh/auth';
import { asSystem, canGo, type Transaction } from '@ansinh/database';
import type { Effect } from '@ansinh/idempotency';
import { ProblemError } from '@ansinh/problem';
import type { EventType } from '../event/event-types.js';
import { recordEvents } from '../event/record-events.js';
import type { DossierView } from './dossier.dto.js';
import { movesOf, timetableOfMoves } from './dossier-history.js';
import { dossierProblems } from './dossier.problems.js';
import { type DossierState, dossierTransitions, type MoveKind } from './dossier.states.js';
import { dossierColumns, type DossierRow, procedureOf, viewOf } from './dossier-view.js';

/** What is about to happen to a dossier. What is left out stays as it is. */
export interface Move {
  kind: MoveKind;
  state?: DossierState;
  step?: string;
  holder?: string;
  assignee?: string | null;
  /** Handed in with it, or asked for by it. */
  documents?: string[];
  outcome?: string;
  note?: string;
  /** The day that is promised instead of the one on the receipt. */
  promisedOn?: string;
}

/**
 * Writes a move, and what the dossier has become by it. As the system: a move may take the dossier out of the caller's
 * sight, who still has to be told how it went. It was found in that sight, and locked, before.
 * @throws ProblemError DOSSIER_STATE
 */
export async function applyMove(
  tx: Transaction,
  before: DossierRow,
  move: Move,
  actor: Actor,
): Promise<DossierRow> {
  const state = move.state ?? before.state;
  if (state !== before.state && !canGo(dossierTransitions, before.state, state))
    throw new ProblemError(dossierProblems.state, { extensions: { state: before.state } });
  return asSystem(tx, async () => {
    await insertMove(tx, before, move, actor);
    const moves = await movesOf(tx, before.id);
    const timetable = timetableOfMoves(procedureOf(before), moves);
    const stay = timetable?.stays.at(-1);
    const handedIn = move.kind === 'supplementAsked' ? [] : (move.documents ?? []);
    const [after] = (await tx.query(
      `WITH changed AS (
         UPDATE dossier SET moves = moves + 1, state = $2, step = $3, holder_code = $4, assignee = $5, outcome = $6,
           documents = ARRAY(SELECT DISTINCT unnest(documents || $7::text[]) ORDER BY 1), counts_from = $8, due_on = $9,
           due_at = $10, step_due_on = $11, step_due_at = $12, stopped_at = $13,
           promised_on = $14
         WHERE id = $1 RETURNING *)
       SELECT ${dossierColumns} FROM changed`,
      [
        before.id,
        state,
        move.step ?? before.step,
        move.holder ?? before.holder_code,
        move.assignee === undefined ? before.assignee : move.assignee,
        move.outcome ?? before.outcome,
        handedIn,
        timetable?.countsFrom ?? null,
        timetable?.due.on ?? null,
        timetable?.due.at ?? null,
        stay?.due.on ?? null,
        stay?.due.at ?? null,
        timetable?.stoppedAt ?? null,
        move.promisedOn ?? before.promised_on,
      ],
    )) as DossierRow[];
    const told = eventOf(move.kind);
    if (told) await recordEvents(tx, told, [before.id]);
    return after!;
  });
}

/** What other services hear of. */
function eventOf(kind: MoveKind): EventType | null {
  return kind === 'received' || kind === 'decided' || kind === 'withdrawn' ? `dossier.${kind}` : null;
}

/** Clocks of two servers may differ; moves are in the order in which they were made. */
export async function insertMove(
  tx: Transaction,
  dossier: DossierRow,
  move: Move,
  actor: Actor,
  number = dossier.moves + 1,
): Promise<void> {
  await tx.query(
    `INSERT INTO dossier_move (dossier_id, number, kind, at, step, holder_code, assignee, documents, outcome, note, actor_id,
                               actor_name, service, promised_on)
     SELECT $1, $2, $3, greatest(clock_timestamp(), max(at)), $4, $5, $6, $7, $8, $9, $10, $11, $12, $13
     FROM dossier_move WHERE dossier_id = $1`,
    [
      dossier.id,
      number,
      move.kind,
      move.step ?? dossier.step,
      move.holder ?? dossier.holder_code,
      move.assignee === undefined ? dossier.assignee : move.assignee,
      move.documents ?? [],
      move.outcome ?? null,
      move.note ?? null,
      actor.id,
      actor.name,
      actor.service ?? null,
      move.promisedOn ?? null,
    ],
  );
}

/** What a command did, for its answer and the audit log: no name of the applicant stands in the facts. */
export function effectOf(
  before: DossierRow | null,
  after: DossierRow,
  facts: Record<string, unknown>,
): Effect<DossierView> {
  return {
    result: viewOf(after, new Date()),
    subject: `dossier/${after.code}`,
    before: before && digestOf(before),
    after: digestOf(after),
    facts,
  };
}

function digestOf(row: DossierRow): string {
  return createHash('sha256').update(JSON.stringify(row)).digest('hex');
}
