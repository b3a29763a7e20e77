import { splitQuotedLines } from './csv-cells.js';
import type { RawRow, RowProblem } from './raw-row.js';

/** How a row is cut into cells. */
export interface CellCut {
  cellEnd: string;
  /** Whether quotes stand around cells, or are part of them. */
  isQuoted: boolean;
  /** Cells that a row must have. */
  width: number;
  /** For each column that was asked for, which cell of a row holds it; -1 for none. */
  positions: readonly number[];
}

/**
 * Rows of which nothing has been read yet but where they begin and end: they have only to be cut. As one text they cross
 * to another thread many times faster than as thousands of cells.
 */
export interface PlainRows extends CellCut {
  /** Number of the first row, and its line in the file. Each row is one line. */
  firstRow: number;
  firstLine: number;
  count: number;
  text: string;
  rowEnd: string;
}

/** Rows that follow each other, read or still to be cut. */
export type ListPart = PlainRows | RawRow[];

export function countRows(part: ListPart): number {
  return Array.isArray(part) ? part.length : part.count;
}

export function firstRowOf(part: ListPart): number | undefined {
  return Array.isArray(part) ? part[0]?.row : part.firstRow;
}

/** The first so many rows, and those after them. */
export function splitPart(part: ListPart, count: number): [ListPart, ListPart] {
  if (Array.isArray(part)) return [part.slice(0, count), part.slice(count)];
  let end = -1;
  for (let row = 0; row < count; row += 1) end = part.text.indexOf(part.rowEnd, end + 1);
  if (end === -1) return [part, []];
  const { firstRow, firstLine, text } = part;
  return [
    { ...part, count, text: text.slice(0, end) },
    {
      ...part,
      firstRow: firstRow + count,
      firstLine: firstLine + count,
      count: part.count - count,
      text: text.slice(end + 1),
    },
  ];
}

/** Reads the rows of a part one by one: what is kept of thousands costs the collector of garbage more than the cutting. */
export function* rowsOf(part: ListPart): Generator<RawRow> {
  if (Array.isArray(part)) return yield* part;
  const { firstRow, firstLine, cellEnd, isQuoted } = part;
  const texts = part.text.split(part.rowEnd);
  const quoted = isQuoted && part.text.includes('"') ? splitQuotedLines(texts, cellEnd) : null;
  for (const [index, text] of texts.entries()) {
    const cells = quoted && text.includes('"') ? (quoted.get(index) ?? null) : text.split(cellEnd);
    yield rowOf({ row: firstRow + index, line: firstLine + index, text }, cells, part);
  }
}

/** @param cells null where the quotes of the row are broken */
export function rowOf(
  { row, line, text }: { row: number; line: number; text: string },
  cells: readonly string[] | null,
  { width, positions }: CellCut,
): RawRow {
  if (cells?.length === width) {
    const inOrder = positions.map((position) => (position === -1 ? '' : cells[position]!));
    return { row, line, cells: inOrder, problem: null, text: null };
  }
  const problem: RowProblem = cells
    ? { reason: 'columnCount', expected: width, found: cells.length }
    : { reason: 'brokenQuoting' };
  return { row, line, cells: positions.map(() => ''), problem, text };
}

const rowSign = '\u001e';
const cellSign = '\u001f';

/** Rows that were read as one text, to cross to another thread; as they are where one could not be read or holds a sign. */
export function packRows(rows: RawRow[]): ListPart {
  const [first] = rows;
  const isPlain = ({ problem, cells, line, row }: RawRow) =>
    problem === null &&
    line - row === first!.line - first!.row &&
    !cells.some((cell) => cell.includes(rowSign) || cell.includes(cellSign));
  if (!first || !rows.every(isPlain)) return rows;
  return {
    firstRow: first.row,
    firstLine: first.line,
    count: rows.length,
    text: rows.map(({ cells }) => cells.join(cellSign)).join(rowSign),
    rowEnd: rowSign,
    cellEnd: cellSign,
    isQuoted: false,
    width: first.cells.length,
    positions: first.cells.map((_, index) => index),
  };
}
