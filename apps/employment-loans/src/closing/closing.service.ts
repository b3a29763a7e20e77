import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { type Actor, scopeOf } from '@ansinh/auth';
import { todayInVietnam } from '@ansinh/calendar';
import { asSystem, inTransaction, type Page, pageOf, readCursor, type Transaction } from '@ansinh/database';
import { type Command, Commands } from '@ansinh/idempotency';
import { ProblemError } from '@ansinh/problem';
import type { PageQuery } from '@ansinh/service';
import type { ClosingView } from './closing.dto.js';
import { closingProblems } from './closing.problems.js';

/** Ends of days. Somebody starts one; workers carry it out, from what stands in the rows. */
@Injectable()
export class ClosingService {
  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    private readonly commands: Commands,
  ) {}

  /**
   * Days that nobody closed before are closed with it. Of a day that was started already it says how far that is.
   * @throws ProblemError LOAN_CLOSING_DAY, LOAN_CLOSING_UNDER_WAY
   */
  async start(day: string, command: Command): Promise<ClosingView> {
    return this.commands.run(command, 'loanClosing.start', async (tx) => {
      const { actor } = command;
      // Two who start at once: the second one sees the first.
      await tx.query(`SELECT pg_advisory_xact_lock(hashtext('loan_closing'))`);
      const [last] = await closingsBefore(tx, null, 1);
      if (last?.day !== day) {
        if (day > todayInVietnam() || (last && last.day > day)) throw new ProblemError(closingProblems.day);
        if (last?.state === 'closing') throw new ProblemError(closingProblems.underWay);
        // The day is everybody's; an office sees its own loans alone.
        const loans = await asSystem(tx, () => wokenCount(tx, day));
        await tx.query(
          `INSERT INTO loan_closing (day, loans, office_code, started_by, started_by_name) VALUES ($1, $2, $3, $4, $5)`,
          [day, loans, actor.office, actor.id, actor.name],
        );
      }
      const [closing] = await closingsBefore(tx, null, 1);
      return {
        result: closing!,
        subject: `loanClosing/${day}`,
        before: last?.day === day ? digestOf(last) : null,
        after: digestOf(closing!),
        facts: { loans: closing!.loans },
      };
    });
  }

  async list({ after, limit }: PageQuery, actor: Actor): Promise<Page<ClosingView>> {
    const before = (readCursor(after, 'day')?.[0] ?? null) as string | null;
    const rows = await inTransaction(this.dataSource, scopeOf(actor), (tx) =>
      closingsBefore(tx, before, limit + 1),
    );
    return pageOf(rows, limit, ({ day }) => [day]);
  }
}

async function closingsBefore(tx: Transaction, before: string | null, limit: number): Promise<ClosingView[]> {
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

const digestOf = (closing: ClosingView) => createHash('sha256').update(JSON.stringify(closing)).digest('hex');
