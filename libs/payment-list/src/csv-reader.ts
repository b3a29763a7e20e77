import { CsvError, parse } from 'csv-parse/sync';
import { type ColumnSet, matchHeader, type HeaderMatch } from './list-columns.js';
import { ListError } from './list-error.js';
import type { RawRow, RowProblem } from './raw-row.js';
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
 * through the rest of the file.
 * @param ignored receives the headers that name no column
 */
export async function* readCsv(
  blocks: AsyncIterable<Lines>,
  ignored: Set<string>,
  columns: ColumnSet,
): AsyncGenerator<RawRow[]> {
  const reader = new CsvReader(ignored, columns);
  for await (const { first, texts } of blocks) {
    const rows = reader.read(texts.map((text, index) => ({ number: first + index, text })));
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
  private readonly header: HeaderMatch;

  constructor(
    headerText: string,
    delimiter: string | undefined,
    ignored: Set<string>,
    private readonly columns: ColumnSet,
  ) {
    this.delimiter = delimiter ?? findDelimiter(headerText);
    const headers = splitLine(headerText, this.delimiter) ?? headerText.split(this.delimiter);
    this.width = headers.length;
    this.header = matchHeader(headers, columns);
    for (const text of this.header.ignored) ignored.add(text);
  }

  /** Reads whole rows; lines that may go on in the next block are not used yet, unless this is the last. */
  read(lines: Line[], isLast: boolean): { rows: RawRow[]; used: number } {
    const quoted = splitQuotedLines(lines, this.delimiter);
    const rows: RawRow[] = [];
    let used = 0;
    while (used < lines.length) {
      const line = lines[used]!;
      const cells = line.text.includes('"') ? quoted.get(line) : line.text.split(this.delimiter);
      if (cells) {
        this.add(rows, line, cells);
        used += 1;
        continue;
      }
      const record = this.findEndOfCell(lines, used, isLast);
      if (record === 'unknown') break;
      if (record) this.add(rows, { number: line.number, text: record.text }, record.cells);
      else this.addProblem(rows, line, { reason: 'brokenQuoting' });
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

  private add(rows: RawRow[], line: Line, cells: string[]): void {
    if (cells.every((cell) => cell.trim() === '')) return;
    if (cells.length !== this.width) {
      this.addProblem(rows, line, { reason: 'columnCount', expected: this.width, found: cells.length });
      return;
    }
    this.rowCount += 1;
    const inOrder = this.header.positions.map((position) => (position === -1 ? '' : cells[position]!));
    rows.push({ row: this.rowCount, line: line.number, cells: inOrder, problem: null, text: null });
  }

  private addProblem(rows: RawRow[], line: Line, problem: RowProblem): void {
    this.rowCount += 1;
    const cells = Array<string>(this.columns.names.length).fill('');
    rows.push({ row: this.rowCount, line: line.number, cells, problem, text: line.text });
  }
}

function countQuotes(text: string): number {
  return text.split('"').length - 1;
}

/** The delimiter that makes the most cells of the header. */
function findDelimiter(headerText: string): string {
  const counts = DELIMITERS.map((delimiter) => splitLine(headerText, delimiter)?.length ?? 0);
  return DELIMITERS[counts.indexOf(Math.max(...counts))]!;
}

const csvOptions = { record_delimiter: '\n', relax_column_count: true } as const;

/** The cells of one record, or null when its quotes do not close or stand where none may stand. */
function splitLine(text: string, delimiter: string): string[] | null {
  if (!text.includes('"')) return text.split(delimiter);
  const records = parseOrNull(text, delimiter);
  return records?.length === 1 ? records[0]! : null;
}

/**
 * The cells of the lines that have quotes, null for a line whose quotes do not close in it. Many lines are parsed in one
 * call, which is ten times faster than one call a line; where one of them is broken, their halves are tried.
 */
function splitQuotedLines(lines: Line[], delimiter: string): Map<Line, string[] | null> {
  const cells = new Map<Line, string[] | null>();
  const split = (part: Line[]): void => {
    const records = parseOrNull(part.map((line) => line.text).join('\n'), delimiter);
    const middle = Math.ceil(part.length / 2);
    // As many records as lines: each line is one, for a record takes at least one line.
    if (records?.length === part.length) part.forEach((line, index) => cells.set(line, records[index]!));
    else if (part.length === 1) cells.set(part[0]!, null);
    else [part.slice(0, middle), part.slice(middle)].forEach(split);
  };
  split(lines.filter((line) => line.text.includes('"')));
  return cells;
}

function parseOrNull(text: string, delimiter: string): string[][] | null {
  try {
    return parse(text, { ...csvOptions, delimiter });
  } catch (error) {
    if (error instanceof CsvError) return null;
    throw error;
  }
}
