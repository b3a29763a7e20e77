import { findPlace, type PlaceLevel } from '@ansinh/places';

export const capitalSources = ['central', 'province', 'district'] as const;
export type CapitalSource = (typeof capitalSources)[number];

/**
 * Who approves a loan of which capital: the chair of the district that of its own, the head of the province the other (Decree
 * 61/2015/NĐ-CP, article 29, clauses 1(b) and 2(b)). The plan may leave less to those below the province, never more.
 */
const bodies: Record<CapitalSource, PlaceLevel> = {
  central: 'province',
  province: 'province',
  district: 'district',
};

export interface ApprovedFrom {
  source: CapitalSource;
  /** The most that an office below the province approves; null where the plan sets none. */
  limitBelowProvince: bigint | null;
}

/** The level of the office that approves so much from a plan. */
function approvingLevel({ source, limitBelowProvince }: ApprovedFrom, amount: bigint): PlaceLevel {
  return limitBelowProvince !== null && amount > limitBelowProvince ? 'province' : bodies[source];
}

/** An office outlives the unit that it was named by: the level is that which its code had. */
export function isApprovingBody(office: string, plan: ApprovedFrom, amount: bigint): boolean {
  return findPlace(office)?.level === approvingLevel(plan, amount);
}
