export { readSealingKeys, Sealer } from './sealing.js';
export type { SealingKeys } from './sealing.js';
