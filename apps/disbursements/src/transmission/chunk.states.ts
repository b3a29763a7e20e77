import type { TransitionTable } from '@ansinh/database';

/**
 * pending: never reached the bank · sending: a worker holds the lease · unknown: it may have reached the bank, ask first ·
 * accepted, refused: the bank answered · dead: gave up, waits for an operator.
 */
export type ChunkState = 'pending' | 'sending' | 'unknown' | 'accepted' | 'refused' | 'dead';

export const chunkTransitions: TransitionTable<ChunkState> = {
  pending: ['sending'],
  sending: ['pending', 'unknown', 'accepted', 'refused', 'dead'],
  unknown: ['sending'],
  accepted: [],
  refused: [],
  dead: ['pending'],
};
