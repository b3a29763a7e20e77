import { setTimeout as delay } from 'node:timers/promises';
import { createParser } from 'eventsource-parser';
import type { Batch, BatchState } from './contract.js';
import { isTransient, path, type Transport } from './transport.js';

/** In these states the service ends the stream: nothing more happens without a person. */
const endStates: ReadonlySet<BatchState> = new Set([
  'reconciled',
  'closed',
  'rejected',
  'cancelled',
  'paused',
]);

const failuresMax = 8;
const eventLengthMax = 1_048_576;

/**
 * The batch each time it moves, until it ends. A stream that drops or ends early is opened again; after eight
 * failures in a row without an event between them the last one is thrown.
 */
export async function* watchBatch(
  transport: Transport,
  id: string,
  signal?: AbortSignal,
): AsyncGenerator<Batch, void, undefined> {
  const leaving = new AbortController();
  const call = {
    path: path`batches/${id}`,
    signal: AbortSignal.any([leaving.signal, ...(signal ? [signal] : [])]),
  };
  let failures = 0;
  try {
    for (;;) {
      try {
        for await (const batch of eventsOf(transport, call)) {
          failures = 0;
          yield batch;
          if (endStates.has(batch.state)) return;
        }
        // The stream ended without an end state: the service may have stopped between the change and its event.
        const batch = await transport.json<Batch>({ ...call, method: 'GET' });
        yield batch;
        if (endStates.has(batch.state)) return;
      } catch (error) {
        failures += 1;
        if (!isTransient(error) || failures > failuresMax) throw error;
      }
      await delay(Math.min(transport.retryDelayMs * 2 ** (failures + 1), 15_000), undefined, {
        signal: call.signal,
      });
    }
  } finally {
    leaving.abort();
  }
}

async function* eventsOf(
  transport: Transport,
  call: { path: string; signal: AbortSignal },
): AsyncGenerator<Batch, void, undefined> {
  const chunks = await transport.stream({
    ...call,
    path: `${call.path}/events`,
    accept: 'text/event-stream',
    retriesMax: 0,
  });
  const arrived: Batch[] = [];
  const parser = createParser({
    maxBufferSize: eventLengthMax,
    onEvent: ({ event, data }) => {
      if (event === 'progress') arrived.push(JSON.parse(data) as Batch);
    },
  });
  const decoder = new TextDecoder();
  for await (const chunk of chunks) {
    parser.feed(decoder.decode(chunk, { stream: true }));
    yield* arrived.splice(0);
  }
}
