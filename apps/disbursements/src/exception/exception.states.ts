import type { TransitionTable } from '../states/transition-table.js';

export type ExceptionState = 'open' | 'resolved';

export const exceptionTransitions: TransitionTable<ExceptionState> = {
  open: ['resolved'],
  resolved: [],
};
