export { RandomBytes } from './random-bytes.js';
export { newContentKey, openStream, sealStream } from './sealed-stream.js';
export { readSealingKeys, Sealer } from './sealing.js';
export type { SealingKeys } from './sealing.js';
