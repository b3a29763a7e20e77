export { HintQueue, migrateQueues, processHints, queueSchema } from './queue.js';
export type { Hint, QueueDepth, QueueSettings } from './queue.js';
