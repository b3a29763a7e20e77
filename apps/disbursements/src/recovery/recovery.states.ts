import type { TransitionTable } from '@ansinh/database';

/** asking: each open message · collecting: the bank's documents · collected: a person looks at what was found. */
export type RecoveryState = 'asking' | 'collecting' | 'collected' | 'ended';

export const recoveryTransitions: TransitionTable<RecoveryState> = {
  asking: ['collecting'],
  collecting: ['collected'],
  collected: ['ended'],
  ended: [],
};
