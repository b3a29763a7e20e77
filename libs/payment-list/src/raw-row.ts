/** Why a row cannot be read, or a cell cannot be taken as it is. */
export type MalformedReason =
  | 'columnCount'
  | 'brokenQuoting'
  | 'invalidJson'
  | 'nestedValue'
  | 'repeatedColumn'
  | 'formula'
  | 'errorValue'
  | 'controlCharacter'
  | 'tooLong'
  | 'invalidPeriod'
  | 'invalidOrdinal';

/** What makes a row unreadable as a whole. */
export interface RowProblem {
  reason: MalformedReason;
  /** Index of the column when one cell is to blame. */
  columnIndex?: number;
  /** Cells that the header asks for, and cells that the row has. */
  expected?: number;
  found?: number;
}

/** A row as the file gives it, before anything is checked. */
export interface RawRow {
  /** Number among the rows of payments, from 1: header and empty rows do not count. */
  row: number;
  /** Line of the text file or row of the sheet, from 1: what an editor or Excel shows beside it. */
  line: number;
  /** One text a column, in the order of the columns that were asked for; empty where the list has no such column or cell. */
  cells: string[];
  problem: RowProblem | null;
  /** The row as it stands in the file, when its cells could not be told apart. */
  text: string | null;
}

/** What a list holds besides payments, so that nobody takes it for imported. */
export interface Ignored {
  columns: Set<string>;
  sheets: Set<string>;
}
