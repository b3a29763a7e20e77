export { ObjectMissing } from './object-store.js';
export type { ObjectStore } from './object-store.js';
export { openObjectStore } from './open-object-store.js';
export { withSpooledObject } from './spool.js';
