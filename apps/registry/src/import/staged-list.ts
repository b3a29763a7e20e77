import { once } from 'node:events';
import { createReadStream, createWriteStream } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Writable } from 'node:stream';
import { finished } from 'node:stream/promises';
import { copyInto, copyRows, type Transaction } from '@ansinh/database';
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

/** Two threads at work, and one task ready for whichever ends first. */
const tasksAhead = 3;

export interface ImportSource {
  id: string;
  kind: ImportKind;
  office: string;
  path: string;
  format: ListFormat;
}

/**
 * Copies a list into the staging tables; checking its rows and making their text is work of other threads. One connection
 * takes one COPY at a time, so cells and findings wait in files beside the upload; memory stays flat even where every row is
 * flawed.
 * @returns rows of the list
 * @throws ListError where the file is no list
 */
export async function stageList(tx: Transaction, threads: Threads, source: ImportSource): Promise<number> {
  const { id, kind, office, path, format } = source;
  const beside = (name: string) => join(dirname(path), name);
  const file = (name: string) => createWriteStream(beside(name), { mode: 0o600 });
  const target = await copyInto(tx, `import_row (import_id, row_no, ${stagedColumns.join(', ')})`);
  const streams = { rows: target, cells: file('cells'), findings: file('findings') };
  const running: Promise<PromiseSettledResult<StagedText>>[] = [];
  const takeFirst = async () => {
    const outcome = await running.shift()!;
    if (outcome.status === 'rejected') throw outcome.reason;
    for (const name of ['rows', 'cells', 'findings'] as const) await push(streams[name], outcome.value[name]);
  };
  let rows = 0;
  try {
    for await (const parts of tasksOf(readList(createReadStream(path), format, columnsOf(kind)).parts())) {
      rows += parts.reduce((sum, part) => sum + countRows(part), 0);
      const packed = parts.map((part) => (Array.isArray(part) ? packRows(part) : part));
      running.push(settled(threads.stageRows({ id, kind, office, parts: packed })));
      if (running.length > tasksAhead) await takeFirst();
    }
    while (running.length > 0) await takeFirst();
    for (const stream of Object.values(streams)) {
      stream.end();
      await finished(stream);
    }
  } catch (error) {
    // Lets go of an unfinished COPY, so that the transaction can roll back.
    for (const stream of Object.values(streams)) stream.on('error', () => undefined).destroy();
    await Promise.all(running);
    throw error;
  }
  await copyRows(tx, 'import_cells (import_id, block_no, sealed)', createReadStream(beside('cells')));
  await copyRows(
    tx,
    'import_finding (import_id, row_no, code, column_name, is_blocking, facts)',
    createReadStream(beside('findings')),
  );
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

/** What fails while others are waited for is told when its turn comes. */
async function settled<Value>(work: Promise<Value>): Promise<PromiseSettledResult<Value>> {
  const [outcome] = await Promise.allSettled([work]);
  return outcome;
}

/** Writes, and waits while the other side is slower. An error of the stream ends the wait. */
async function push(stream: Writable, piece: Uint8Array): Promise<void> {
  if (piece.length > 0 && !stream.write(piece)) await once(stream, 'drain');
}
