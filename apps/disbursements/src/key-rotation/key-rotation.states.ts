import type { TransitionTable } from '../states/transition-table.js';

export type KeyRotationState = 'running' | 'finished';

export const keyRotationTransitions: TransitionTable<KeyRotationState> = {
  running: ['finished'],
  finished: [],
};
