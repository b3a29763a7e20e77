import type { TransitionTable } from '../states/transition-table.js';

export type RefusedDocumentState = 'open' | 'taken';

export const refusedDocumentTransitions: TransitionTable<RefusedDocumentState> = {
  open: ['taken'],
  taken: [],
};
