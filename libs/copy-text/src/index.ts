export { ByteText } from './byte-text.js';
export { copyValue } from './copy-text.js';
