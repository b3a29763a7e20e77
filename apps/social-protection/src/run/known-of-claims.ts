import { monthStartOf } from '@ansinh/calendar';
import type { Transaction } from '@ansinh/database';
import type { RowToDecide } from '../decision/facts-of-row.js';
import type { ClaimProgrammeCode } from '../programme/programmes.js';

export const payeeOf = ({ payeeKey, personKey }: RowToDecide): string => payeeKey ?? personKey;

/**
 * Numbers of what is paid to one payee for one year: who buries two is paid twice, by two obligations. Decisions of a programme are
 * made one transaction after the other, so that no number is given twice.
 */
export class Ordinals {
  private constructor(private readonly last: Map<string, number>) {}

  static async of(
    tx: Transaction,
    programme: ClaimProgrammeCode,
    period: string,
    rows: readonly RowToDecide[],
  ): Promise<Ordinals> {
    const given = (await tx.query(
      `SELECT payee_key AS payee, choice, max(ordinal)::int AS last FROM entitlement
       WHERE programme = $1 AND period = $2 AND payee_key = ANY ($3::uuid[]) AND NOT is_released GROUP BY payee_key, choice`,
      [programme, period, [...new Set(rows.map(payeeOf))]],
    )) as { payee: string; choice: string; last: number }[];
    return new Ordinals(new Map(given.map(({ payee, choice, last }) => [`${payee} ${choice}`, last])));
  }

  next(row: RowToDecide): number {
    const place = `${payeeOf(row)} ${row.choice}`;
    const number = (this.last.get(place) ?? 0) + 1;
    this.last.set(place, number);
    return number;
  }
}

/**
 * What those who died had as people of merit in their last month, by the approved runs of the register: a survivor is not asked for
 * it. Of somebody who is not in the register nothing is known.
 */
export async function lastAllowancesOf(
  tx: Transaction,
  rows: readonly Pick<RowToDecide, 'personKey' | 'facts'>[],
): Promise<Map<string, string>> {
  const had = (await tx.query(
    `SELECT asked.key, last.amount FROM unnest($1::uuid[], $2::text[]) AS asked (key, month)
     CROSS JOIN LATERAL (
       SELECT d.amount::text AS amount FROM beneficiary b JOIN decision d ON d.beneficiary_id = b.id
       JOIN support_run run ON run.id = d.run_id
       WHERE b.programme = 'merit-allowance' AND b.person_key = asked.key AND d.month <= asked.month::date AND run.state = 'approved'
         AND d.outcome = 'granted' AND NOT EXISTS (SELECT FROM decision later JOIN support_run after ON after.id = later.run_id
           WHERE later.beneficiary_id = d.beneficiary_id AND later.month = d.month AND later.id > d.id AND after.state = 'approved')
       ORDER BY d.month DESC LIMIT 1) last`,
    [rows.map(({ personKey }) => personKey), rows.map(({ facts }) => monthStartOf(String(facts['diedOn'])))],
  )) as { key: string; amount: string }[];
  return new Map(had.map(({ key, amount }) => [key, amount]));
}
