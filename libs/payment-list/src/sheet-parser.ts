import { ListError } from './list-error.js';
import type { MalformedReason } from './raw-row.js';
import { LINE_LENGTH_MAX } from './text-lines.js';
import { columnOfReference, numberAsText, unescapeText, type NumberStyles } from './workbook-cell.js';
import type { WorkbookStrings } from './workbook-strings.js';

const COLUMNS_MAX = 16_384;
const ROW_LENGTH_MAX = 4 * LINE_LENGTH_MAX;

export interface SheetCell {
  text: string;
  /** Whether the text is a day that a number was formatted as. */
  isDay: boolean;
  problem: MalformedReason | null;
}

export interface SheetRow {
  line: number;
  /** By column, from 0; missing where the sheet has no cell. */
  cells: (SheetCell | undefined)[];
}

export interface SheetSources {
  strings: WorkbookStrings;
  styles: NumberStyles;
  hasEpoch1904: boolean;
}

/** Collects the rows of a sheet from its XML events. Rows without any text are left out. */
export class SheetParser {
  isFinished = false;
  private rows: SheetRow[] = [];
  private row: SheetRow = { line: 0, cells: [] };
  /** Characters in the cells of the row: many cells may point at one long string. */
  private rowLength = 0;
  private column = -1;
  private type = '';
  private style = 0;
  private value = '';
  private hasFormula = false;
  private isCollecting = false;
  private isPhonetic = false;

  constructor(private readonly sources: SheetSources) {}

  /** The rows that were completed since the last call. */
  take(): SheetRow[] {
    const { rows } = this;
    this.rows = [];
    return rows;
  }

  readonly handler = {
    open: (name: string, attributes: Record<string, string>) => {
      if (name === 'c') this.openCell(attributes);
      else if (name === 'v') this.isCollecting = true;
      else if (name === 't') this.isCollecting = !this.isPhonetic;
      else if (name === 'f') this.hasFormula = true;
      else if (name === 'rPh') this.isPhonetic = true;
      else if (name === 'row') this.openRow(attributes);
    },
    close: (name: string) => {
      if (name === 'c') this.closeCell();
      else if (name === 'v' || name === 't') this.isCollecting = false;
      else if (name === 'rPh') this.isPhonetic = false;
      else if (name === 'row') this.closeRow();
      else if (name === 'sheetData') this.isFinished = true;
    },
    text: (text: string) => {
      if (!this.isCollecting) return;
      this.value += text;
      if (this.value.length <= LINE_LENGTH_MAX) return;
      throw new ListError('LINE_TOO_LONG', { line: this.row.line, limit: LINE_LENGTH_MAX });
    },
  };

  private openRow({ r }: Record<string, string>): void {
    const line = r === undefined ? this.row.line + 1 : Number(r);
    if (!Number.isSafeInteger(line)) throw new ListError('BROKEN_WORKBOOK');
    this.row = { line, cells: [] };
    this.rowLength = 0;
    this.column = -1;
  }

  private openCell({ r, t, s }: Record<string, string>): void {
    const column = r === undefined ? this.column + 1 : columnOfReference(r);
    if (column === null || column >= COLUMNS_MAX) throw new ListError('BROKEN_WORKBOOK');
    this.column = column;
    this.type = t ?? 'n';
    this.style = Number(s ?? 0);
    this.value = '';
    this.hasFormula = false;
  }

  private closeCell(): void {
    const cell = this.readCell();
    if (!cell) return;
    this.row.cells[this.column] = cell;
    this.rowLength += cell.text.length;
    if (this.rowLength > ROW_LENGTH_MAX) {
      throw new ListError('LINE_TOO_LONG', { line: this.row.line, limit: ROW_LENGTH_MAX });
    }
  }

  private closeRow(): void {
    if (this.row.cells.some((cell) => cell && (cell.problem || cell.text.trim() !== '')))
      this.rows.push(this.row);
  }

  private readCell(): SheetCell | undefined {
    // The result beside a formula is what some program computed last, not what somebody entered.
    if (this.hasFormula) return { text: '', isDay: false, problem: 'formula' };
    if (this.value === '') return undefined;
    const { strings, styles, hasEpoch1904 } = this.sources;
    switch (this.type) {
      case 's': {
        const text = strings.get(Number(this.value));
        if (text === undefined) throw new ListError('BROKEN_WORKBOOK');
        return { text, isDay: false, problem: null };
      }
      case 'inlineStr':
      case 'str':
        return { text: unescapeText(this.value), isDay: false, problem: null };
      case 'd':
        return { text: this.value.slice(0, 10), isDay: true, problem: null };
      case 'n': {
        const style = styles.styleOf(this.style);
        return {
          text: numberAsText(this.value, style, hasEpoch1904),
          isDay: style.kind === 'date',
          problem: null,
        };
      }
      default:
        return { text: '', isDay: false, problem: 'errorValue' };
    }
  }
}
