export { Paper } from './paper.js';
export type { Cell, Style } from './paper.js';
export { across, day, dayOf, textWidth, timeOf, upright, writeLetterhead } from './state-paper.js';
