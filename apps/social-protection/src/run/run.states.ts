import type { TransitionTable } from '@ansinh/database';

export type RunState = 'deciding' | 'decided' | 'submitted' | 'approved' | 'rejected';

/** A run is decided chunk by chunk, submitted by who decided it, and approved or rejected as a whole by somebody else. */
export const runStates: TransitionTable<RunState> = {
  deciding: ['decided', 'rejected'],
  decided: ['submitted', 'rejected'],
  submitted: ['approved', 'rejected'],
  approved: [],
  rejected: [],
};
