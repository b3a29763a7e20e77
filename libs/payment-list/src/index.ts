export { correctionColumns, correctionNames, correctionTitles } from './correction-columns.js';
export type { CorrectionColumn } from './correction-columns.js';
export { findingCatalogue, findingText } from './finding-catalogue.js';
export type { FindingCode, FindingFacts, Severity } from './finding-catalogue.js';
export { cashColumns, columnSet, listColumns, paymentColumns } from './list-columns.js';
export type { ColumnSet, ListColumn } from './list-columns.js';
export { ListError } from './list-error.js';

export { countRows, firstRowOf, type ListPart, packRows, rowsOf, splitPart } from './list-part.js';
export { readList } from './list-reader.js';
export type { ListFormat } from './list-reader.js';
export { checkRow } from './list-row.js';
export type { CheckedRow, ListFields, OriginalRow, PaymentMeans } from './list-row.js';
export type { RawRow } from './raw-row.js';
export { receiptColumns, receiptNames, receiptTitles } from './receipt-columns.js';
export type { ReceiptColumn } from './receipt-columns.js';
export { writeRemarks } from './remarks-writer.js';
export type { RemarkedRow } from './remarks-writer.js';
export { writeTable } from './table-writer.js';
