import { addWorkingDays, todayInVietnam, unconfirmedDays } from '@ansinh/calendar';
import { findProcedure, type Procedure, stepOf } from '@ansinh/procedures';
import { survivorOf } from '../person/merged-records.sql.js';
import type { DossierView, NamedCode } from './dossier.dto.js';
import { type DossierState, openStates } from './dossier.states.js';

export interface DossierRow {
  id: string;
  code: string;
  procedure_code: string;
  procedure_from: string;
  office_code: string;
  holder_code: string;
  place_code: string;
  applicant_name: string;
  applicant_phone: string | null;
  person_id: string | null;
  employer_id: string | null;
  state: DossierState;
  step: string | null;
  assignee: string | null;
  documents: string[];
  presented_at: Date;
  counts_from: string | null;
  due_on: string | null;
  due_at: Date | null;
  promised_on: string | null;
  step_due_on: string | null;
  step_due_at: Date | null;
  stopped_at: Date | null;
  outcome: string | null;
  service: string | null;
  reference: string | null;
  moves: number;
}

/**
 * Days leave the database as text: a `date` has no time zone that it could be converted from. Who applied is told as the record
 * that stands for him today.
 */
export const dossierColumns = `id, code, procedure_code, procedure_from::text AS procedure_from, office_code, holder_code,
  place_code, applicant_name, applicant_phone, ${survivorOf('person_id')} AS person_id, employer_id, state, step, assignee, documents, presented_at,
  counts_from::text AS counts_from, due_on::text AS due_on, due_at, promised_on::text AS promised_on,
  step_due_on::text AS step_due_on, step_due_at,
  stopped_at, outcome, service, reference, moves`;

/** Working days in which what is due soon falls due. */
const soonDays = 2;

/** The last day of what is due soon. */
export const soonUntil = (today: string): string => addWorkingDays(today, soonDays);

/** By the version under which it was presented, whatever came into force since. */
export function procedureOf(row: Pick<DossierRow, 'procedure_code' | 'procedure_from'>): Procedure {
  const procedure = findProcedure(row.procedure_code, row.procedure_from);
  if (!procedure)
    throw new Error(`${row.procedure_code} of ${row.procedure_from} is not among the procedures`);
  return procedure;
}

/** The required papers that are not there. */
export function missingPapers(procedure: Procedure, handedIn: readonly string[]): NamedCode[] {
  return procedure.documents
    .filter(({ code, isRequired }) => isRequired && !handedIn.includes(code))
    .map(({ code, name }) => ({ code, name }));
}

export function viewOf(row: DossierRow, now: Date): DossierView {
  const procedure = procedureOf(row);
  const step = row.step === null ? null : stepOf(procedure, row.step);
  return {
    id: row.id,
    code: row.code,
    procedure: { code: procedure.code, name: procedure.name },
    officeCode: row.office_code,
    holderCode: row.holder_code,
    placeCode: row.place_code,
    applicantName: row.applicant_name,
    applicantPhone: row.applicant_phone,
    personId: row.person_id,
    employerId: row.employer_id,
    state: row.state,
    step: step && { code: step.code, name: step.name },
    assignee: row.assignee,
    missing: missingPapers(procedure, row.documents),
    presentedAt: row.presented_at.toISOString(),
    countsFrom: row.counts_from,
    dueOn: row.due_on,
    promisedOn: row.promised_on,
    stepDueOn: row.step_due_on,
    stoppedAt: row.stopped_at?.toISOString() ?? null,
    standing: standingOf(row, now),
    unconfirmedDays: row.due_on === null ? [] : unconfirmedDays(row.counts_from!, row.due_on),
    outcome: row.outcome,
    service: row.service,
    reference: row.reference,
    version: row.moves,
  };
}

/** While the clock stands still nothing becomes late; what was late before stays so. */
function standingOf({ state, due_at, due_on, stopped_at }: DossierRow, now: Date): DossierView['standing'] {
  if (due_at === null || !openStates.includes(state)) return null;
  if (due_at <= (stopped_at ?? now)) return 'overdue';
  return stopped_at === null && due_on! <= soonUntil(todayInVietnam(now)) ? 'dueSoon' : 'onTime';
}
