import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { type CamtEvent, parseCamt } from '@ansinh/iso20022';
import { readMt940 } from './mt940-statements.js';
import type { StatementEvent } from './statement-document.js';
import { StatementSums } from './statement-sums.js';

/**
 * Reads a statement or notification of a bank, whatever it is called: camt.052, camt.053 and camt.054 are XML, everything
 * else is taken for MT940. @throws Iso20022Error
 */
export async function* readStatementEvents(path: string): AsyncGenerator<StatementEvent[]> {
  const sums = new StatementSums();
  const source = createReadStream(path);
  for await (const events of (await isXml(path)) ? readCamt(source) : readMt940(source)) {
    for (const event of events) sums.add(event);
    yield events;
  }
  sums.end();
}

async function* readCamt(source: AsyncIterable<Uint8Array>): AsyncGenerator<StatementEvent[]> {
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
async function isXml(path: string): Promise<boolean> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(1_024), 0, 1_024, 0);
    const start = buffer
      .toString('latin1', 0, bytesRead)
      .replace(/^\u00ef\u00bb\u00bf/, '')
      .trimStart();
    return !/^(:\d\d|\{\d:)/.test(start);
  } finally {
    await file.close();
  }
}
