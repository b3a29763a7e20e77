export { allocate, sampleSize } from './design.js';
export type { Precision, Stratum } from './design.js';
export { estimateWrongMoney } from './estimate.js';
export type { SampledStratum, WrongMoney } from './estimate.js';
