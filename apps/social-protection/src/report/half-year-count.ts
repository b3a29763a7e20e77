import type { DataSource } from 'typeorm';
import { type Actor, scopeOf } from '@ansinh/auth';
import { addDays, dayInMonth } from '@ansinh/calendar';
import { asSystem, inTransaction, limitStatement } from '@ansinh/database';
import type { ProgrammeCode } from '../programme/programmes.js';
import type { Counted } from './forms.js';
import { countHalfYear, selectApprovedMonths } from './half-year-count.sql.js';
import type { ApprovedMonth } from './half-year-months.js';
import { treeOf } from './half-year-places.js';

const secondsMax = 120;

export interface HalfYear {
  /** First day and last one. */
  first: string;
  end: string;
}

export function halfYearOf({ year, half }: { year: number; half: 1 | 2 }): HalfYear {
  const first = `${year}-${half === 1 ? '01' : '07'}-01`;
  return { first, end: addDays(dayInMonth(first, 6, 1), -1) };
}

/**
 * What was decided and paid of a half-year, added up as far as it is alike, and which months were approved of it and of the one before.
 * The one way in which both reports count.
 * @param offices communes of today, each the caller's own
 */
export async function countOf(
  dataSource: DataSource,
  actor: Actor,
  { first, end }: HalfYear,
  { offices, programmes }: { offices: readonly string[]; programmes: readonly ProgrammeCode[] },
): Promise<{ rows: Counted[]; approved: ApprovedMonth[] }> {
  const tree = treeOf(end);
  const columns = (['code', 'since', 'until', 'today', 'unit'] as const).map((name) =>
    tree.codes.map((code) => code[name]),
  );
  const before = dayInMonth(first, -6, 1);
  const months = [before, first, dayInMonth(first, 5, 1)];
  return inTransaction(dataSource, scopeOf(actor), async (tx) => {
    await limitStatement(tx, secondsMax);
    // Numbers of the caller's own people, in whosever run they were decided.
    return asSystem(tx, async () => {
      const rows = (await tx.query(countHalfYear, [
        offices,
        ...months,
        end,
        programmes,
        ...columns,
        tree.reused,
      ])) as (Omit<Counted, 'owed' | 'deducted' | 'paid'> & Record<'owed' | 'deducted' | 'paid', string>)[];
      const approved = (await tx.query(selectApprovedMonths, [
        [before, first],
        [dayInMonth(before, 5, 1), months.at(-1)],
        programmes,
      ])) as ApprovedMonth[];
      return {
        approved,
        rows: rows.map((row) => ({
          ...row,
          owed: BigInt(row.owed),
          deducted: BigInt(row.deducted),
          paid: BigInt(row.paid),
        })),
      };
    });
  });
}
