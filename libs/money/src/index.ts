export { formatVnd, parseVnd } from './vnd.js';
