/** What the style of a cell says about its number. */
export type NumberStyle = { kind: 'number' } | { kind: 'date' } | { kind: 'zeros'; digits: number };

const PLAIN: NumberStyle = { kind: 'number' };
const DATE: NumberStyle = { kind: 'date' };

/** Formats that Excel knows by number alone and that show a day (ECMA-376, 18.8.30). */
const isBuiltInDate = (id: number) =>
  (id >= 14 && id <= 17) || id === 22 || (id >= 27 && id <= 36) || (id >= 50 && id <= 58);

/** The number styles of a workbook by style index, from the parts of `styles.xml` as they are met. */
export class NumberStyles {
  private readonly codes = new Map<number, string>();
  private readonly formats: number[] = [];
  private inCellFormats = false;

  readonly handler = {
    open: (name: string, attributes: Record<string, string>) => {
      if (name === 'numFmt') this.codes.set(Number(attributes.numFmtId), attributes.formatCode ?? '');
      else if (name === 'cellXfs') this.inCellFormats = true;
      else if (name === 'xf' && this.inCellFormats) this.formats.push(Number(attributes.numFmtId ?? 0));
    },
    close: (name: string) => {
      if (name === 'cellXfs') this.inCellFormats = false;
    },
  };

  styleOf(index: number): NumberStyle {
    const format = this.formats[index];
    if (format === undefined) return PLAIN;
    const code = this.codes.get(format);
    if (code === undefined) return isBuiltInDate(format) ? DATE : PLAIN;
    if (/^0+$/.test(code)) return { kind: 'zeros', digits: code.length };
    return isDateCode(code) ? DATE : PLAIN;
  }
}

function isDateCode(code: string): boolean {
  const symbols = code.replace(/"[^"]*"|\\.|\[[^\]]*\]/g, '');
  return /[ymd]/i.test(symbols);
}

/**
 * The number of a cell as the text that a person sees: digits without an exponent, zeros before it where the format shows
 * them, a day where the format shows a day. Excel keeps fifteen digits, so a longer number has lost some already: it keeps
 * its exponent, which no column takes.
 */
export function numberAsText(value: string, style: NumberStyle, hasEpoch1904: boolean): string {
  const number = Number(value);
  if (style.kind === 'date' && Number.isFinite(number)) return dayOfSerial(number, hasEpoch1904);
  if (!Number.isInteger(number)) return value;
  if (Math.abs(number) >= 1e15) return number.toExponential();
  return style.kind === 'zeros' && number >= 0 ? String(number).padStart(style.digits, '0') : String(number);
}

/** Day zero of the two calendars of Excel, so chosen that days after February 1900 come out right. */
const EPOCH_1900 = Date.UTC(1899, 11, 30);
const EPOCH_1904 = Date.UTC(1904, 0, 1);
const DAY_MS = 86_400_000;
const SERIAL_MAX = 2_958_465;

function dayOfSerial(serial: number, hasEpoch1904: boolean): string {
  if (serial < 0 || serial > SERIAL_MAX) return String(serial);
  const epoch = hasEpoch1904 ? EPOCH_1904 : EPOCH_1900;
  return new Date(epoch + Math.floor(serial) * DAY_MS).toISOString().slice(0, 10);
}

/** Excel makes a date of a typed `2022-03`: the first day of the month is taken for the month, no other day is. */
export function monthOfDay(text: string): string {
  return /^\d{4}-\d{2}-01$/.test(text) ? text.slice(0, 7) : text;
}

/** The index from 0 of the column in a cell reference: 27 of `AB7`. Null when it is none. */
export function columnOfReference(reference: string): number | null {
  const letters = /^([A-Z]{1,3})[0-9]+$/.exec(reference)?.[1];
  if (!letters) return null;
  let number = 0;
  for (const letter of letters) number = number * 26 + letter.charCodeAt(0) - 64;
  return number - 1;
}

/** The letters of a column: `AB` of 27. */
export function lettersOfColumn(column: number): string {
  const last = String.fromCharCode(65 + (column % 26));
  return column < 26 ? last : lettersOfColumn(Math.floor(column / 26) - 1) + last;
}

/** Undoes the escapes by which Excel writes control characters into strings: `_x000D_`. */
export function unescapeText(text: string): string {
  if (!text.includes('_x')) return text;
  return text.replace(/_x([0-9A-Fa-f]{4})_/g, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)));
}

const NEEDS_ESCAPE = /[&<>"_\p{Cc}\p{Cs}\ufffe\uffff]/u;
const CONTROL_CHARACTERS = /[\p{Cc}\ufffe\uffff]/gu;
const XML_ESCAPES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** A text for the XML of a workbook: control characters, which XML cannot hold, by the escapes of Excel. */
export function escapeText(text: string): string {
  if (!NEEDS_ESCAPE.test(text)) return text;
  return text
    .toWellFormed()
    .replace(/_(?=x[0-9A-Fa-f]{4}_)/g, '_x005F_')
    .replace(
      CONTROL_CHARACTERS,
      (character) => `_x${character.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}_`,
    )
    .replace(/[&<>"]/g, (character) => XML_ESCAPES[character]!);
}
