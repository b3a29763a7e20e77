import type { Transaction } from '@ansinh/database';
import { ProblemError } from '@ansinh/problem';
import { instant } from '../instant.sql.js';
import type { ReviewView } from './review.dto.js';
import { reviewProblems } from './review.problems.js';

/** Reviews with what their households come to; counted for the reviews of the page alone. */
export const selectReviews = `
SELECT r.id, r.year, r.place_code AS "placeCode", r.reviewed_on::text AS "reviewedOn", r.area, r.state, r.households,
  (SELECT jsonb_build_object('households', told.told, 'unknown', told.unknown, 'isOver', told.finished_at IS NOT NULL)
   FROM review_telling told WHERE told.review_id = r.id AND told.approval = r.moves) AS "toldRegistry",
  found.reviewed, found.poor, found."nearPoor", found.unclassified, r.posted_until::text AS "postedUntil", r.digest,
  (SELECT jsonb_agg(jsonb_build_object('kind', kind, 'paper', paper, 'note', note, 'by', actor_name,
     'at', ${instant('at')}) ORDER BY number) FROM poverty_review_move WHERE record_id = r.id) AS moves
FROM poverty_review r
CROSS JOIN LATERAL (
  SELECT count(*)::int AS reviewed, count(*) FILTER (WHERE class = 'poor')::int AS poor,
    count(*) FILTER (WHERE class = 'nearPoor')::int AS "nearPoor", count(*) FILTER (WHERE class IS NULL)::int AS unclassified
  FROM reviewed_household WHERE review_id = r.id AND is_current) found`;

/** @throws ProblemError REVIEW_NOT_FOUND */
export async function viewReview(tx: Transaction, id: string): Promise<ReviewView> {
  const [review] = (await tx.query(`${selectReviews} WHERE r.id = $1`, [id])) as ReviewView[];
  if (!review) throw new ProblemError(reviewProblems.notFound);
  return review;
}

export interface LockedReview {
  id: string;
  year: number;
  officeCode: string;
  reviewedOn: string;
  area: string;
  households: number;
  state: string;
  moves: number;
  postedUntil: string | null;
  digest: string | null;
}

/** @throws ProblemError REVIEW_NOT_FOUND */
export async function lockReview(tx: Transaction, id: string): Promise<LockedReview> {
  const [review] = (await tx.query(
    `SELECT id, year, office_code AS "officeCode", reviewed_on::text AS "reviewedOn", area, households, state, moves,
       posted_until::text AS "postedUntil", digest
     FROM poverty_review WHERE id = $1 FOR UPDATE`,
    [id],
  )) as LockedReview[];
  if (!review) throw new ProblemError(reviewProblems.notFound);
  return review;
}
