import { createHash } from 'node:crypto';
import { recordAudit, worker } from '@ansinh/audit';
import { addDays, todayInVietnam } from '@ansinh/calendar';
import { asSystem, type Transaction } from '@ansinh/database';
import { listPlaces } from '@ansinh/places';
import { ProblemError } from '@ansinh/problem';
import type { ClosingView } from './closing.dto.js';
import { closingProblems } from './closing.problems.js';

/** Who starts a closing, and for which office it stands in the audit log. */
interface Starter {
  id: string;
  name: string;
  office: string;
}

/**
 * Days that nobody closed before are closed with it. Of a day that was started already it says how far that is (`before`).
 * @throws ProblemError LOAN_CLOSING_DAY, LOAN_CLOSING_UNDER_WAY
 */
export async function startClosing(
  tx: Transaction,
  day: string,
  by: Starter,
): Promise<{ before: ClosingView | null; closing: ClosingView }> {
  // Two who start at once: the second one sees the first.
  await tx.query(`SELECT pg_advisory_xact_lock(hashtext('loan_closing'))`);
  const [last] = await closingsBefore(tx, null, 1);
  if (last?.day === day) return { before: last, closing: last };
  if (day > todayInVietnam() || (last && last.day > day)) throw new ProblemError(closingProblems.day);
  if (last?.state === 'closing') throw new ProblemError(closingProblems.underWay);
  // The day is everybody's; an office sees its own loans alone.
  const loans = await asSystem(tx, () => wokenCount(tx, day));
  await tx.query(
    `INSERT INTO loan_closing (day, loans, office_code, started_by, started_by_name) VALUES ($1, $2, $3, $4, $5)`,
    [day, loans, by.office, by.id, by.name],
  );
  const [closing] = await closingsBefore(tx, null, 1);
  return { before: null, closing: closing! };
}

/** Starts the end of yesterday for the province, where nobody has and no other day is under way. A transaction of the system. */
export async function startYesterday(tx: Transaction): Promise<void> {
  const today = todayInVietnam();
  const yesterday = addDays(today, -1);
  const [last] = await closingsBefore(tx, null, 1);
  if (last && (last.day >= yesterday || last.state === 'closing')) return;
  const office = listPlaces(today).find(({ level }) => level === 'province')!.code;
  const { before, closing } = await startClosing(tx, yesterday, {
    id: worker.actorId,
    name: worker.actorName,
    office,
  });
  if (before) return;
  await recordAudit(tx, {
    ...worker,
    office,
    verb: 'loanClosing.start',
    subject: `loanClosing/${yesterday}`,
    requestId: `closing-${yesterday}`,
    before: null,
    after: digestOf(closing),
    facts: { loans: closing.loans },
  });
}

export async function closingsBefore(
  tx: Transaction,
  before: string | null,
  limit: number,
): Promise<ClosingView[]> {
  const rows = (await tx.query(
    `SELECT day::text, state, loans, done, entries, moves, started_at AS "startedAt", closed_at AS "closedAt"
     FROM loan_closing WHERE $1::date IS NULL OR day < $1 ORDER BY day DESC LIMIT $2`,
    [before, limit],
  )) as (ClosingView & { startedAt: Date | string; closedAt: Date | string | null })[];
  return rows.map((row) => ({
    ...row,
    startedAt: new Date(row.startedAt).toISOString(),
    closedAt: row.closedAt && new Date(row.closedAt).toISOString(),
  }));
}

async function wokenCount(tx: Transaction, day: string): Promise<number> {
  const [woken] = (await tx.query('SELECT count(*)::int AS loans FROM loan_book WHERE wakes_on <= $1', [
    day,
  ])) as { loans: number }[];
  return woken!.loans;
}

export const digestOf = (closing: ClosingView) =>
  createHash('sha256').update(JSON.stringify(closing)).digest('hex');
