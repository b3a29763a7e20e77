import { workerData } from 'node:worker_threads';
import { readSealingKeys, Sealer } from '@ansinh/sealing';
import { move, transferableSymbol, valueSymbol } from 'piscina';
import type { ThreadKeys } from './thread-pool.js';

/** For a thread of a `ThreadPool`, by the keys that it was given. */
export function sealerOfThread(): Sealer {
  const { sealingKeys, lookupKey } = workerData as ThreadKeys;
  return new Sealer(readSealingKeys(sealingKeys, lookupKey));
}

/**
 * The bytes that a result is or holds go to the other thread as they are: copying them takes time, and they would be garbage
 * twice. Bytes that are a part of something larger are copied.
 * @param answer what the thread returns, if the result is only a part of it
 */
export function withoutCopies<Result, Answer = Result>(
  result: Result,
  answer = result as unknown as Answer,
): Answer {
  const buffers = valuesOf(result).flatMap((value) =>
    value instanceof Uint8Array && value.length === value.buffer.byteLength
      ? [value.buffer as ArrayBuffer]
      : [],
  );
  if (buffers.length === 0) return answer;
  return move({ [transferableSymbol]: buffers, [valueSymbol]: answer } as never) as unknown as Answer;
}

/** Bytes are one value, not one each. */
function valuesOf(result: unknown): unknown[] {
  if (result instanceof Uint8Array) return [result];
  return typeof result === 'object' && result !== null ? Object.values(result) : [];
}
