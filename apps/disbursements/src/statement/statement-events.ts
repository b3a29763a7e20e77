import { type CamtEvent, parseCamt } from '@ansinh/iso20022';
import { readMt940 } from './mt940-statements.js';
import type { StatementEvent } from './statement-document.js';
import { StatementSums } from './statement-sums.js';

/**
 * Reads a statement or notification of a bank, whatever it is called: camt.052, camt.053 and camt.054 are XML, everything
 * else is taken for MT940.
 * @param head how the file begins
 * @throws Iso20022Error
 */
export async function* readStatementEvents(
  head: Buffer,
  pieces: Iterable<Uint8Array>,
): AsyncGenerator<StatementEvent[]> {
  const sums = new StatementSums();
  for await (const events of isXml(head) ? readCamt(pieces) : readMt940(copied(pieces))) {
    for (const event of events) sums.add(event);
    yield events;
  }
  sums.end();
}

/** The reader of MT940 keeps the end of a piece while the next one comes. */
function* copied(pieces: Iterable<Uint8Array>): Generator<Uint8Array> {
  for (const piece of pieces) yield Buffer.from(piece);
}

async function* readCamt(source: Iterable<Uint8Array>): AsyncGenerator<StatementEvent[]> {
  for await (const events of parseCamt(source)) yield events.map(asStatement);
}

function asStatement(event: CamtEvent): StatementEvent {
  if (event.kind !== 'document') return event;
  return {
    ...event,
    page: 1,
    lastPage: 1,
    isComplete: true,
    on: event.createdAt.slice(0, 10),
    contradiction: null,
  };
}

/** By the first sign that is no space. A file of another encoding than UTF-8 goes to the XML reader too, which says so. */
function isXml(head: Buffer): boolean {
  const start = head
    .toString('latin1')
    .replace(/^\u00ef\u00bb\u00bf/, '')
    .trimStart();
  return !/^(:\d\d|\{\d:)/.test(start);
}
