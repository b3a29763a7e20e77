import type { TransitionTable } from '@ansinh/database';

export const dossierStates = [
  'presented',
  'incomplete',
  'refused',
  'received',
  'processing',
  'awaitingSupplement',
  'onHold',
  'decided',
  'returned',
  'withdrawn',
] as const;

export type DossierState = (typeof dossierStates)[number];

/** The life of a dossier. The table `state_edge` holds the same edges, and a trigger refuses all others. */
export const dossierTransitions: TransitionTable<DossierState> = {
  presented: ['received', 'incomplete', 'refused'],
  incomplete: ['received', 'refused', 'withdrawn'],
  refused: [],
  received: ['processing', 'withdrawn'],
  processing: ['awaitingSupplement', 'onHold', 'decided', 'withdrawn'],
  awaitingSupplement: ['processing', 'withdrawn'],
  onHold: ['processing', 'withdrawn'],
  decided: ['returned'],
  returned: [],
  withdrawn: [],
};

/** States in which an answer is owed: only there something can be late. */
export const openStates: readonly DossierState[] = ['received', 'processing', 'awaitingSupplement', 'onHold'];

/** States in which papers may still be added or taken off. The trigger `guard_attachment` names the same. */
export const papersOpenStates: readonly DossierState[] = ['presented', 'incomplete', ...openStates];

/** What happens to a dossier; each is a row. */
export const moveKinds = [
  'presented',
  'received',
  'refused',
  'assigned',
  'forwarded',
  'supplementAsked',
  'supplemented',
  'held',
  'resumed',
  'apologised',
  'decided',
  'returned',
  'withdrawn',
] as const;

export type MoveKind = (typeof moveKinds)[number];
