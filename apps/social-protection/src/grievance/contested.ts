import { asSystem, type Transaction } from '@ansinh/database';
import { ProblemError } from '@ansinh/problem';
import type { TermCode } from '../terms/terms.js';
import type { GrievanceSubject } from './grievance.dto.js';
import { grievanceProblems } from './grievance.problems.js';

/** A decision, or what a review found, as it holds. */
export interface Contested {
  subject: GrievanceSubject;
  id: string;
  officeCode: string;
  /** Day by whose law it was decided: that law also says how long an answer may take. */
  decidedOn: string;
  term: TermCode | undefined;
}

/** Of the programmes of support whose law says by when a complaint is looked into. */
const termsOfProgrammes: Record<string, TermCode> = { 'rent-support': 'rentSupportComplaint' };

/** @throws ProblemError GRIEVANCE_CONTESTED_NOT_FOUND */
export async function findContested(
  tx: Transaction,
  subject: GrievanceSubject,
  id: string,
): Promise<Contested> {
  if (subject === 'decision') await requireSeen(tx, id);
  // The run that a decision was made in is as a rule the province's, which a district does not see.
  const [found] = (await (subject === 'decision'
    ? asSystem(tx, () => tx.query(selectDecision, [id]))
    : tx.query(selectHousehold, [id]))) as {
    officeCode: string;
    decidedOn: string;
    programme?: string;
  }[];
  if (!found) throw new ProblemError(grievanceProblems.contested);
  const { officeCode, decidedOn, programme } = found;
  const term = programme === undefined ? 'povertyComplaint' : termsOfProgrammes[programme];
  return { subject, id, officeCode, decidedOn, term };
}

/** @throws ProblemError GRIEVANCE_CONTESTED_NOT_FOUND for a decision of another office */
async function requireSeen(tx: Transaction, decisionId: string): Promise<void> {
  const seen = (await tx.query('SELECT FROM decision WHERE id = $1', [decisionId])) as object[];
  if (seen.length === 0) throw new ProblemError(grievanceProblems.contested);
}

/** It holds once its run is approved. */
const selectDecision = `
SELECT d.office_code AS "officeCode", run.decided_on::text AS "decidedOn", run.programme
FROM decision d JOIN support_run run ON run.id = d.run_id WHERE d.id = $1 AND run.state = 'approved'`;

/** It hangs out, so that it can be contested; before that it is work of the commune. */
const selectHousehold = `
SELECT h.office_code AS "officeCode", r.reviewed_on::text AS "decidedOn"
FROM reviewed_household h JOIN poverty_review r ON r.id = h.review_id
WHERE h.id = $1 AND h.is_current AND r.state <> 'open'`;

/** Whether the one may take the place of the other. @throws ProblemError GRIEVANCE_CORRECTION */
export async function requireCorrection(
  tx: Transaction,
  subject: GrievanceSubject,
  contestedId: string,
  correctedId: string,
): Promise<void> {
  const later = subject === 'decision' ? laterDecision : laterHousehold;
  const found = (await asSystem(tx, () => tx.query(later, [contestedId, correctedId]))) as object[];
  if (found.length === 0) throw new ProblemError(grievanceProblems.correction);
}

/** On the same month, where it is paid by months. Ids are of version 7: in the order in which they were made. */
const laterDecision = `
SELECT FROM decision d JOIN support_run run ON run.id = d.run_id
  JOIN decision after ON after.person_key = d.person_key AND after.month IS NOT DISTINCT FROM d.month AND after.id > d.id
  JOIN support_run later ON later.id = after.run_id AND later.programme = run.programme AND later.state = 'approved'
WHERE d.id = $1 AND after.id = $2`;

const laterHousehold = `
SELECT FROM reviewed_household h
  JOIN reviewed_household after ON after.person_key = h.person_key AND after.review_id = h.review_id AND after.id > h.id
WHERE h.id = $1 AND after.id = $2 AND after.is_current`;
