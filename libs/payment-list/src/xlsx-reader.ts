import type { Readable } from 'node:stream';
import { type ColumnSet, matchHeader, type HeaderMatch } from './list-columns.js';
import { ListError } from './list-error.js';
import type { Ignored, RawRow, RowProblem } from './raw-row.js';
import { SheetParser, type SheetRow } from './sheet-parser.js';
import { spool, Workbook } from './workbook.js';
import { lettersOfColumn, monthOfDay } from './workbook-cell.js';
import { parseXml } from './workbook-xml.js';

/**
 * Reads the rows of the first sheet of an Excel workbook that is not hidden. Only the table of strings is kept in memory,
 * as bytes. A cell with a formula makes its row malformed. @param ignored receives headers that name no column, letters of
 * columns without a header, and the names of the other sheets
 */
export async function* readXlsx(
  source: Readable,
  ignored: Ignored,
  columns: ColumnSet,
): AsyncGenerator<RawRow[]> {
  const file = await spool(source);
  try {
    const workbook = await Workbook.open(file);
    const contents = await workbook.readContents();
    for (const name of contents.otherSheets) ignored.sheets.add(name);
    const part = await workbook.part(contents.sheetPart);
    if (!part) throw new ListError('BROKEN_WORKBOOK');
    const parser = new SheetParser(contents);
    const rows = new SheetRows(ignored, columns);
    for await (const sheetRows of parseXml(part, parser.handler, () => parser.take())) {
      const read = rows.read(sheetRows);
      if (read.length > 0) yield read;
    }
    if (!parser.isFinished) throw new ListError('BROKEN_WORKBOOK');
    if (rows.rowCount === 0) throw new ListError('EMPTY_LIST');
  } finally {
    await file.close();
  }
}

class SheetRows {
  rowCount = 0;
  private header: HeaderMatch | null = null;
  /** For each column of the sheet, which column of the list it holds: -1 none, undefined no header. */
  private columnIndexes: (number | undefined)[] = [];

  private readonly periodIndex: number;

  constructor(
    private readonly ignored: Ignored,
    private readonly columns: ColumnSet,
  ) {
    this.periodIndex = columns.names.indexOf('period');
  }

  read(sheetRows: SheetRow[]): RawRow[] {
    const rows: RawRow[] = [];
    for (const sheetRow of sheetRows) {
      if (this.header) rows.push(this.readRow(sheetRow));
      else this.readHeader(sheetRow);
    }
    return rows;
  }

  private readHeader({ cells }: SheetRow): void {
    const headers = Array.from(cells, (cell) => cell?.text ?? '');
    this.header = matchHeader(headers, this.columns);
    for (const text of this.header.ignored) this.ignored.columns.add(text);
    this.columnIndexes = headers.map((header) => (header.trim() === '' ? undefined : -1));
    this.header.positions.forEach((position, columnIndex) => {
      if (position !== -1) this.columnIndexes[position] = columnIndex;
    });
  }

  private readRow(sheetRow: SheetRow): RawRow {
    this.rowCount += 1;
    const cells = Array<string>(this.columns.names.length).fill('');
    let problem: RowProblem | null = null;
    sheetRow.cells.forEach((cell, column) => {
      if (!cell) return;
      const columnIndex = this.columnIndexes[column];
      if (columnIndex === undefined) this.ignored.columns.add(lettersOfColumn(column));
      if (columnIndex === undefined || columnIndex === -1) return;
      cells[columnIndex] = cell.isDay && columnIndex === this.periodIndex ? monthOfDay(cell.text) : cell.text;
      if (cell.problem) problem ??= { reason: cell.problem, columnIndex };
    });
    return { row: this.rowCount, line: sheetRow.line, cells, problem, text: null };
  }
}
