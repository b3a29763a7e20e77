export { BankWitness } from './bank-witness.js';
export type { BankFaults, BookLine, PayerAccount, PublishedDocument } from './bank-witness.js';
export { compareBooks } from './compare-books.js';
export type { BookComparison } from './compare-books.js';
