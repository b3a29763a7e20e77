export { Mt940Error } from './mt940-error.js';
export type { Mt940ErrorCode } from './mt940-error.js';
export type {
  Mt940Balance,
  Mt940Closing,
  Mt940Event,
  Mt940Misplaced,
  Mt940Statement,
  Mt940Transaction,
} from './mt940-events.js';
export type { Mt940Information } from './information.js';
export type { Mt940Source } from './field-reader.js';
export { parseMt940 } from './mt940-reader.js';
