export { HintQueue, processHints } from './queue.js';
export type { Hint, QueueSettings } from './queue.js';
