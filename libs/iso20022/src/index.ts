export { readAmountIn } from './amount.js';
export type { TextRule } from './bank-text.js';
export { parseCamt } from './camt-reader.js';
export type {
  CamtBatch,
  CamtDocument,
  CamtEntryEvent,
  CamtEvent,
  CamtSum,
  CamtSummary,
  CamtTransactionEvent,
  Direction,
} from './camt-events.js';
export { writeCamt053, writeCamt054 } from './camt-writer.js';
export type { CamtEntry, CamtHeader, CamtTransaction, StatementHeader } from './camt-writer.js';
export type { XmlSource } from './element-reader.js';
export { Iso20022Error } from './iso20022-error.js';
export type { Iso20022ErrorCode } from './iso20022-error.js';
export { parsePain001 } from './pain001-reader.js';
export type { Pain001Event } from './pain001-reader.js';
export { standardProfile, writePain001 } from './pain001-writer.js';
export type { BankProfile, CreditTransfer, Pain001Header } from './pain001-writer.js';
export { parsePain002 } from './pain002-reader.js';
export type { Pain002Event } from './pain002-reader.js';
export { writePain002 } from './pain002-writer.js';
export type { Pain002Header, RefusedTransaction } from './pain002-writer.js';
