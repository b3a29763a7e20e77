import type { Readable } from 'node:stream';
import { readCsv } from './csv-reader.js';
import { type ColumnSet, paymentColumns } from './list-columns.js';
import { type ListPart, rowsOf } from './list-part.js';
import { readNdjson } from './ndjson-reader.js';
import type { Ignored, RawRow } from './raw-row.js';
import { decodeText, readLines } from './text-lines.js';
import { readXlsx } from './xlsx-reader.js';

export type ListFormat = 'csv' | 'ndjson' | 'xlsx';

/** The rows of a list, some hundreds at a time, in the order of the file. */
export interface ListReading extends AsyncIterable<RawRow[]> {
  /** Headers that name no column, complete when the last row was read. What stands under them is not imported. */
  readonly ignoredColumns: ReadonlySet<string>;
  /** Sheets of a workbook besides the first. */
  readonly ignoredSheets: ReadonlySet<string>;
  /** The same rows, uncut where they have only to be cut: for who hands them to another thread. */
  parts(): AsyncIterable<ListPart>;
}

/**
 * Reads a list as it streams in; memory does not grow with it, and the source waits while rows are worked on. A row that
 * cannot be read comes as a row with a `problem`. Leaving the loop destroys the source. Can be read once.
 *
 * @param columns what the header may name; the columns of a payment list unless told otherwise
 * Throws ListError in mid-loop when the list as a whole cannot be read: rows that came before must then not be kept.
 */
export function readList(
  source: Readable,
  format: ListFormat,
  columns: ColumnSet = paymentColumns,
): ListReading {
  const ignored: Ignored = { columns: new Set(), sheets: new Set() };
  const parts = readers[format](source, ignored, columns);
  return {
    ignoredColumns: ignored.columns,
    ignoredSheets: ignored.sheets,
    parts: () => parts,
    [Symbol.asyncIterator]: () => rowsOfParts(parts),
  };
}

async function* rowsOfParts(parts: AsyncIterable<ListPart>): AsyncGenerator<RawRow[]> {
  for await (const part of parts) yield [...rowsOf(part)];
}

type Reader = (source: Readable, ignored: Ignored, columns: ColumnSet) => AsyncGenerator<ListPart>;

const readers: Record<ListFormat, Reader> = {
  csv: (source, ignored, columns) => readCsv(readLines(decodeText(source)), ignored.columns, columns),
  ndjson: (source, ignored, columns) => readNdjson(readLines(decodeText(source)), ignored.columns, columns),
  xlsx: readXlsx,
};
