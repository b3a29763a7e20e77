import { appliedOn, approvingBodies } from '@ansinh/loans';
import { findPlace, type PlaceLevel } from '@ansinh/places';

export const capitalSources = ['central', 'province', 'district'] as const;
export type CapitalSource = (typeof capitalSources)[number];

export interface ApprovedFrom {
  source: CapitalSource;
  /** The most that an office below the province approves; null where the plan sets none. */
  limitBelowProvince: bigint | null;
}

interface Approval {
  amount: bigint;
  /** The day of the approval. */
  on: string;
}

/** Whose capital it is decides, by the law of the day; the plan may leave less to those below the province, never more. */
function approvingLevel({ source, limitBelowProvince }: ApprovedFrom, { amount, on }: Approval): PlaceLevel {
  const { value: levels } = appliedOn(approvingBodies, on);
  return limitBelowProvince !== null && amount > limitBelowProvince ? 'province' : levels[source];
}

/** An office outlives the unit that it was named by: the level is that which its code had. */
export function isApprovingBody(office: string, plan: ApprovedFrom, approval: Approval): boolean {
  return findPlace(office)?.level === approvingLevel(plan, approval);
}
