import type { DecisionOutcome } from '@ansinh/policy';

/**
 * What is different, beside the month before: `new`, `changed` (another amount), `stopped`. Beside what was owed for the same month
 * before: `arrears` (more), `overpaid` (less; whether it is recovered is for people to decide). `undecided`: a fact or a
 * confirmation is missing, so nothing may be made of the difference.
 */
export const changes = ['new', 'changed', 'stopped', 'arrears', 'overpaid', 'undecided'] as const;

export type Change = (typeof changes)[number];

/** What a month is compared by, line by line: also `recovered`, where less is paid than is granted. */
export const comparisons = [...changes, 'recovered'] as const;

export type Comparison = (typeof comparisons)[number];

interface Before {
  amountBefore: bigint;
  /** Whether the month was decided before, or is past. */
  isLookedAtAgain: boolean;
  /** Whether nothing was decided that it could be compared with. */
  isFirst: boolean;
}

export function changeOf(
  { outcome, amount }: { outcome: DecisionOutcome; amount: bigint },
  { amountBefore, isLookedAtAgain, isFirst }: Before,
): Change | null {
  const isOpen = outcome === 'incomplete' || outcome === 'unconfirmed';
  if (isOpen) return isFirst || amountBefore > 0n ? 'undecided' : null;
  if (amount === amountBefore) return null;
  if (isLookedAtAgain) return amount > amountBefore ? 'arrears' : 'overpaid';
  if (amountBefore === 0n) return 'new';
  return amount === 0n ? 'stopped' : 'changed';
}
