import type { TransitionTable } from '@ansinh/database';

export const batchStates = [
  'draft',
  'checking',
  'checked',
  'submitted',
  'approved',
  'rejected',
  'transmitting',
  'paused',
  'transmitted',
  'reconciled',
  'closed',
  'cancelled',
] as const;

export type BatchState = (typeof batchStates)[number];

/** The life of a batch. The table `state_edge` holds the same edges, and a trigger refuses all others. */
export const batchTransitions: TransitionTable<BatchState> = {
  draft: ['checking', 'cancelled'],
  checking: ['checked'],
  checked: ['checking', 'submitted', 'cancelled'],
  submitted: ['approved', 'rejected', 'cancelled'],
  approved: ['transmitting', 'cancelled'],
  rejected: ['checking', 'cancelled'],
  transmitting: ['paused', 'transmitted'],
  paused: ['transmitting'],
  transmitted: ['reconciled'],
  reconciled: ['closed'],
  closed: [],
  cancelled: [],
};

/** States in which the list may still be changed. */
export const editableStates: readonly BatchState[] = ['draft', 'checked', 'rejected'];
