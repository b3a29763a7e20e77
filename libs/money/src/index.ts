export { roundQuotient } from './rounding.js';
export type { Rounding } from './rounding.js';
export { formatVnd, parseVnd } from './vnd.js';
export { vndInWords } from './vnd-in-words.js';
