import type { TransitionTable } from '@ansinh/database';

export type ExceptionState = 'open' | 'resolved';

export const exceptionTransitions: TransitionTable<ExceptionState> = {
  open: ['resolved'],
  resolved: [],
};
