export { HintQueue, processHints } from './queue.js';
export type { Hint, QueueDepth, QueueSettings } from './queue.js';
