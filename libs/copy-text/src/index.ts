export { copyValue } from './copy-text.js';
