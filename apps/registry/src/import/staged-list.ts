import { createReadStream } from 'node:fs';
import { Readable } from 'node:stream';
import { copyRows, type Transaction } from '@ansinh/database';
import {
  countRows,
  type ListFormat,
  type ListPart,
  packRows,
  readList,
  splitPart,
} from '@ansinh/payment-list';
import type { Threads } from '../threads/threads.js';
import { columnsOf, type ImportKind } from './import-columns.js';
import { stagedColumns } from './staged-row.js';
import { rowsPerTask, type StagedText } from './staged-text.js';

/** Two threads at work while as many tasks are copied, or fewer where rows are long. */
const tasksAhead = 8;
const unitsAhead = 16 * 1024 ** 2;

export interface ImportSource {
  id: string;
  kind: ImportKind;
  office: string;
  path: string;
  format: ListFormat;
}

/**
 * Copies a list into the staging tables; checking its rows and making their text is work of other threads. A connection takes one
 * COPY at a time, so the tables take turns, some tasks at once: memory stays flat even where every row is flawed.
 * @returns rows of the list
 * @throws ListError where the file is no list
 */
export async function stageList(tx: Transaction, threads: Threads, source: ImportSource): Promise<number> {
  const { id, kind, office, path, format } = source;
  const targets: Record<keyof StagedText, string> = {
    rows: `import_row (import_id, row_no, ${stagedColumns[kind].join(', ')})`,
    cells: 'import_cells (import_id, block_no, sealed)',
    findings: 'import_finding (import_id, row_no, code, column_name, is_blocking, facts)',
  };
  const running: { units: number; text: Promise<PromiseSettledResult<StagedText>> }[] = [];
  const copyHalf = async () => {
    const first = running.splice(0, Math.ceil(running.length / 2));
    const texts = (await Promise.all(first.map(({ text }) => text))).map((outcome) => {
      if (outcome.status === 'rejected') throw outcome.reason;
      return outcome.value;
    });
    for (const [name, target] of Object.entries(targets) as [keyof StagedText, string][]) {
      const pieces = texts.map((text) => text[name]).filter(({ length }) => length > 0);
      if (pieces.length > 0) await copyRows(tx, target, Readable.from(pieces));
    }
  };
  // In the order of the rows, also where two threads make them: indexes of what goes up only append.
  const at = Date.now();
  let rows = 0;
  try {
    for await (const parts of tasksOf(readList(createReadStream(path), format, columnsOf(kind)).parts())) {
      rows += parts.reduce((sum, part) => sum + countRows(part), 0);
      const packed = parts.map((part) => (Array.isArray(part) ? packRows(part) : part));
      const text = settled(threads.stageRows({ id, kind, office, at, parts: packed }));
      running.push({ units: packed.reduce((sum, part) => sum + unitsOf(part), 0), text });
      const units = running.reduce((sum, task) => sum + task.units, 0);
      if (running.length === tasksAhead || units > unitsAhead) await copyHalf();
    }
    while (running.length > 0) await copyHalf();
  } finally {
    await Promise.all(running.map(({ text }) => text));
  }
  return rows;
}

/** The parts of a list as tasks of whole blocks; the last one may be shorter. */
async function* tasksOf(list: AsyncIterable<ListPart>): AsyncGenerator<ListPart[]> {
  let waiting: ListPart[] = [];
  let count = 0;
  for await (const part of list) {
    let rest = part;
    while (count + countRows(rest) >= rowsPerTask) {
      const [task, after] = splitPart(rest, rowsPerTask - count);
      yield [...waiting, task];
      [waiting, count, rest] = [[], 0, after];
    }
    if (countRows(rest) === 0) continue;
    waiting.push(rest);
    count += countRows(rest);
  }
  if (count > 0) yield waiting;
}

function unitsOf(part: ListPart): number {
  if (!Array.isArray(part)) return part.text.length;
  return part.reduce((sum, { cells }) => sum + cells.reduce((length, cell) => length + cell.length, 0), 0);
}

/** What fails while others are waited for is told when its turn comes. */
async function settled<Value>(work: Promise<Value>): Promise<PromiseSettledResult<Value>> {
  const [outcome] = await Promise.allSettled([work]);
  return outcome;
}
