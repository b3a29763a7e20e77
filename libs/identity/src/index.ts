export { findBank, isTransferEnabled, listBanks, normaliseAccount } from './bank-account.js';
export type { Bank } from './bank-account.js';
export { decodeCitizenNumber, isCitizenNumber } from './citizen-number.js';
export type { CitizenNumberWarning, DecodedCitizenNumber } from './citizen-number.js';
export { maskAccount, maskCitizenNumber, maskNumbersIn } from './mask.js';
export { nameInitials, nameKey, normaliseName, searchForm, stripDiacritics, toBankAscii } from './name.js';
export { numberContradictions } from './number-contradictions.js';
export type { NumberContradiction } from './number-contradictions.js';
export { taxCodeFault } from './tax-code.js';
