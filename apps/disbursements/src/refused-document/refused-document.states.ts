import type { TransitionTable } from '@ansinh/database';

export type RefusedDocumentState = 'open' | 'taken';

export const refusedDocumentTransitions: TransitionTable<RefusedDocumentState> = {
  open: ['taken'],
  taken: [],
};
