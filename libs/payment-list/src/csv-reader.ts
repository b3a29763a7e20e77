import { countQuotes, splitLine, splitQuotedLines } from './csv-cells.js';
import { type ColumnSet, matchHeader } from './list-columns.js';
import { ListError } from './list-error.js';
import { type CellCut, type ListPart, type PlainRows, rowOf } from './list-part.js';
import type { RawRow } from './raw-row.js';
import { LINE_LENGTH_MAX, type Lines } from './text-lines.js';

const DELIMITERS = [',', ';', '\t'] as const;

/** A cell with line breaks is read over at most this many lines; after that its opening quote is taken for a slip. */
const LINES_OF_CELL_MAX = 20;

interface Line {
  number: number;
  text: string;
}

/**
 * Reads the rows of a CSV list. The delimiter shows in the header, or in a first line `sep=;`. A row with broken quotes
 * or with too many or too few cells becomes a row with a `problem`, and the rows after it are read as if it were not
 * there: that is why lines are cut first and csv-parse sees only whole lines, for it would look for a lost closing quote
 * through the rest of the file. Lines that have only to be cut are given uncut.
 * @param ignored receives the headers that name no column
 */
export async function* readCsv(
  blocks: AsyncIterable<Lines>,
  ignored: Set<string>,
  columns: ColumnSet,
): AsyncGenerator<ListPart> {
  const reader = new CsvReader(ignored, columns);
  for await (const block of blocks) {
    const plain = reader.readPlain(block);
    if (plain) {
      yield plain;
      continue;
    }
    const rows = reader.read(
      block.text.split('\n').map((text, index) => ({ number: block.first + index, text })),
    );
    if (rows.length > 0) yield rows;
  }
  const rows = reader.finish();
  if (rows.length > 0) yield rows;
}

class CsvReader {
  private delimiter: string | undefined;
  private rows: RowReader | null = null;
  private waiting: Line[] = [];

  constructor(
    private readonly ignored: Set<string>,
    private readonly columns: ColumnSet,
  ) {}

  /** Null unless each of the lines is one row, without quotes. */
  readPlain(lines: Lines): PlainRows | null {
    return this.waiting.length === 0 ? (this.rows?.readPlain(lines) ?? null) : null;
  }

  /** The rows that these lines complete. Lines that may go on in the next block wait for it. */
  read(lines: Line[], isLast = false): RawRow[] {
    this.waiting = this.waiting.length > 0 ? this.waiting.concat(lines) : lines;
    this.rows ??= this.readHeader(isLast);
    if (!this.rows) return [];
    const { rows, used } = this.rows.read(this.waiting, isLast);
    this.waiting = this.waiting.slice(used);
    return rows;
  }

  finish(): RawRow[] {
    const rows = this.read([], true);
    if (!this.rows?.rowCount) throw new ListError('EMPTY_LIST');
    return rows;
  }

  private readHeader(isLast: boolean): RowReader | null {
    const start = this.waiting.findIndex((line) => line.text.trim() !== '');
    this.waiting = start === -1 ? [] : this.waiting.slice(start);
    const [first] = this.waiting;
    if (!first) return null;
    const separator = this.delimiter === undefined && /^"?sep=(.)"?$/i.exec(first.text)?.[1];
    if (separator) {
      this.delimiter = separator;
      this.waiting = this.waiting.slice(1);
      return this.readHeader(isLast);
    }
    const lineCount = countLinesOfHeader(this.waiting, isLast);
    if (lineCount === null) return null;
    const texts = this.waiting.slice(0, lineCount).map((line) => line.text);
    this.waiting = this.waiting.slice(lineCount);
    return new RowReader(texts.join('\n'), this.delimiter, this.ignored, this.columns);
  }
}

/** Headers are often broken over two lines within a cell. Null while the line that closes the quotes may still come. */
function countLinesOfHeader(lines: Line[], isLast: boolean): number | null {
  let quotes = 0;
  for (let count = 1; count <= LINES_OF_CELL_MAX; count += 1) {
    const line = lines[count - 1];
    if (!line) return isLast ? 1 : null;
    quotes += countQuotes(line.text);
    if (quotes % 2 === 0) return count;
  }
  return 1;
}

/** A row whose cells have line breaks in them. */
interface RecordOfLines {
  cells: string[];
  text: string;
  lineCount: number;
}

class RowReader {
  rowCount = 0;
  private readonly delimiter: string;
  private readonly width: number;
  private readonly cut: CellCut;

  constructor(headerText: string, delimiter: string | undefined, ignored: Set<string>, columns: ColumnSet) {
    this.delimiter = delimiter ?? findDelimiter(headerText);
    const headers = splitLine(headerText, this.delimiter) ?? headerText.split(this.delimiter);
    this.width = headers.length;
    const header = matchHeader(headers, columns);
    for (const text of header.ignored) ignored.add(text);
    this.cut = { cellEnd: this.delimiter, isQuoted: true, width: this.width, positions: header.positions };
  }

  readPlain({ first, count, text }: Lines): PlainRows | null {
    if (doubtfulLine.test(text) || isLetterOrDigit.test(this.delimiter) || hasOpenQuotes(text)) return null;
    const firstRow = this.rowCount + 1;
    this.rowCount += count;
    return { firstRow, firstLine: first, count, text, rowEnd: '\n', ...this.cut };
  }

  /** Reads whole rows; lines that may go on in the next block are not used yet, unless this is the last. */
  read(lines: Line[], isLast: boolean): { rows: RawRow[]; used: number } {
    const quoted = splitQuotedLines(
      lines.map(({ text }) => text),
      this.delimiter,
    );
    const rows: RawRow[] = [];
    let used = 0;
    while (used < lines.length) {
      const line = lines[used]!;
      const cells = quoted.get(used) ?? (line.text.includes('"') ? null : line.text.split(this.delimiter));
      if (cells) {
        this.add(rows, line, cells);
        used += 1;
        continue;
      }
      const record = this.findEndOfCell(lines, used, isLast);
      if (record === 'unknown') break;
      if (record) this.add(rows, { number: line.number, text: record.text }, record.cells);
      else this.add(rows, line, null);
      used += record ? record.lineCount : 1;
    }
    return { rows, used };
  }

  /**
   * Whether the quotes of a line close some lines below: then a cell has line breaks in it. A record ends with the first
   * line that makes the number of its quotes even. A line that is a whole row by itself is never part of a cell, or one
   * lost quote would hide all payments down to the next quote.
   */
  private findEndOfCell(lines: Line[], start: number, isLast: boolean): RecordOfLines | 'unknown' | null {
    let { text } = lines[start]!;
    let hasEvenQuotes = countQuotes(text) % 2 === 0;
    for (let lineCount = 2; lineCount <= LINES_OF_CELL_MAX && !hasEvenQuotes; lineCount += 1) {
      const next = lines[start + lineCount - 1];
      if (!next) return isLast ? null : 'unknown';
      if (this.isWholeRow(next.text) || text.length + next.text.length > LINE_LENGTH_MAX) return null;
      text += `\n${next.text}`;
      hasEvenQuotes = countQuotes(next.text) % 2 === 1;
      const cells = hasEvenQuotes ? splitLine(text, this.delimiter) : null;
      if (cells?.length === this.width) return { cells, text, lineCount };
    }
    return null;
  }

  private isWholeRow(text: string): boolean {
    return (
      this.width > 1 && countQuotes(text) % 2 === 0 && splitLine(text, this.delimiter)?.length === this.width
    );
  }

  private add(rows: RawRow[], { number, text }: Line, cells: string[] | null): void {
    if (cells?.every((cell) => cell.trim() === '')) return;
    this.rowCount += 1;
    rows.push(rowOf({ row: this.rowCount, line: number, text }, cells, this.cut));
  }
}

/** A line that begins otherwise may be an empty row, which is none. */
const doubtfulLine = /(?:^|\n)(?!"?[0-9A-Za-z])/;
const isLetterOrDigit = /[0-9A-Za-z]/;

/** Whether the quotes of a line do not close in it. Where they do, it is one row, if only one with broken quotes. */
function hasOpenQuotes(text: string): boolean {
  for (let quote = text.indexOf('"'); quote !== -1;) {
    const lineEnd = text.indexOf('\n', quote);
    const line = text.slice(quote, lineEnd === -1 ? text.length : lineEnd);
    if (countQuotes(line) % 2 === 1) return true;
    quote = lineEnd === -1 ? -1 : text.indexOf('"', lineEnd);
  }
  return false;
}

/** The delimiter that makes the most cells of the header. */
function findDelimiter(headerText: string): string {
  const counts = DELIMITERS.map((delimiter) => splitLine(headerText, delimiter)?.length ?? 0);
  return DELIMITERS[counts.indexOf(Math.max(...counts))]!;
}
