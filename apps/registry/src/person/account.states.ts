import type { TransitionTable } from '@ansinh/database';

export const accountStateNames = ['unverified', 'verified', 'refused', 'ended'] as const;

/** What the bank said of an account: a holder's name is compared there, and only there. */
export const accountStates = {
  unverified: ['verified', 'refused', 'ended'],
  verified: ['refused', 'ended'],
  refused: ['verified', 'ended'],
  ended: [],
} as const satisfies TransitionTable<(typeof accountStateNames)[number]>;
