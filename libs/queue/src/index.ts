export { HintQueue, migrateQueues, processHints, queueSchema } from './queue.js';
export type { Hint, QueueSettings } from './queue.js';
