export { sampleLoans } from './loans.js';
export type { SampleLoans } from './loans.js';
export { sampleName } from './people.js';
export { Random } from './random.js';
export { generateRows } from './rows.js';
export type { SampleColumn, SampleFlaw, SampleOptions, SampleRow } from './rows.js';
export { writeCsv, writeNdjson, writeXlsx } from './write.js';
export type { CsvOptions, XlsxOptions } from './write.js';
