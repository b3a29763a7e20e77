export { Paper } from './paper.js';
export type { Cell, Style } from './paper.js';
