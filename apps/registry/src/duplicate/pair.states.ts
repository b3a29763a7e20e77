import type { TransitionTable } from '@ansinh/database';

export const pairStateNames = ['open', 'same', 'different'] as const;
export type PairState = (typeof pairStateNames)[number];

/** What was said of two records. Every verdict may turn out wrong; an undone merge and new reasons open a pair again. */
export const pairStates = {
  open: ['same', 'different'],
  same: ['open', 'different'],
  different: ['open', 'same'],
} as const satisfies TransitionTable<PairState>;
