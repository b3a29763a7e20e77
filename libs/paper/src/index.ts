export { Paper } from './paper.js';
export type { Style } from './paper.js';
