export { languageOf } from './language.js';
export type { Language, Text } from './language.js';
