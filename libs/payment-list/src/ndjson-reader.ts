import { type ColumnSet, shownHeader } from './list-columns.js';
import { ListError } from './list-error.js';
import type { RawRow, RowProblem } from './raw-row.js';
import type { Lines } from './text-lines.js';

/** More names than this are not collected: a hostile file could have another one in each row. */
const IGNORED_NAMES_MAX = 100;

/** Reads the rows of a list with one JSON object a line. `ignored` receives the names that name no column. */
export async function* readNdjson(
  blocks: AsyncIterable<Lines>,
  ignored: Set<string>,
  columns: ColumnSet,
): AsyncGenerator<RawRow[]> {
  let rowCount = 0;
  const indexByName = new Map<string, number>();
  const indexOf = (name: string) => {
    const known = indexByName.get(name);
    if (known !== undefined) return known;
    const index = columns.indexOf(name);
    if (index !== -1 || indexByName.size < IGNORED_NAMES_MAX) indexByName.set(name, index);
    if (index === -1 && ignored.size < IGNORED_NAMES_MAX) ignored.add(shownHeader(name));
    return index;
  };
  for await (const { first, text: lines } of blocks) {
    const rows: RawRow[] = [];
    lines.split('\n').forEach((text, index) => {
      if (text.trim() === '') return;
      rowCount += 1;
      const { cells, problem } = readObject(text, columns.names.length, indexOf);
      rows.push({ row: rowCount, line: first + index, cells, problem, text: problem ? text : null });
    });
    if (rows.length > 0) yield rows;
  }
  if (rowCount === 0) throw new ListError('EMPTY_LIST');
}

function readObject(
  text: string,
  width: number,
  indexOf: (name: string) => number,
): { cells: string[]; problem: RowProblem | null } {
  const cells = Array<string>(width).fill('');
  const record = parseObject(text);
  if (!record) return { cells, problem: { reason: 'invalidJson' } };
  const seen = Array<boolean>(width).fill(false);
  for (const name in record) {
    const columnIndex = indexOf(name);
    if (columnIndex === -1) continue;
    if (seen[columnIndex]) return { cells, problem: { reason: 'repeatedColumn', columnIndex } };
    seen[columnIndex] = true;
    const value = record[name];
    if (typeof value === 'string') cells[columnIndex] = value;
    else if (typeof value === 'number') cells[columnIndex] = numberText(value);
    else if (value !== null) return { cells, problem: { reason: 'nestedValue', columnIndex } };
  }
  return { cells, problem: null };
}

function parseObject(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : null;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

/**
 * A number as text. One that a double cannot hold exactly lost digits before it came here: with its exponent no column
 * takes it, whereas its digits might look like somebody's account.
 */
function numberText(value: number): string {
  return Number.isInteger(value) && !Number.isSafeInteger(value) ? value.toExponential() : String(value);
}
