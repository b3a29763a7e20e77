import type { TransitionTable } from '@ansinh/database';

export type KeyRotationState = 'running' | 'finished';

export const keyRotationTransitions: TransitionTable<KeyRotationState> = {
  running: ['finished'],
  finished: [],
};
