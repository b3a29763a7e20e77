export { sealerOfThread, withoutCopies } from './in-thread.js';
export { ThreadPool } from './thread-pool.js';
export type { ThreadKeys } from './thread-pool.js';
