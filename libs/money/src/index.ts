export { formatVnd, parseVnd } from './vnd.js';
export { vndInWords } from './vnd-in-words.js';
