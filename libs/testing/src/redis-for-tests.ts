import { describe } from '@jest/globals';
import { REDIS_ABSENT_VARIABLE, REDIS_VARIABLE } from './servers.js';

/** A Redis to test with, or the reason why there is none; the address is empty in that case. */
export interface RedisForTests {
  url: string;
  absent?: string;
}

/**
 * The Redis of this run, in a logical database that this worker process has to itself: FLUSHDB harms nobody.
 * Where there is none, the reason: hand it to `describeWith`.
 */
export function redisForTests(): RedisForTests {
  const url = process.env[REDIS_VARIABLE];
  if (!url)
    return { url: '', absent: process.env[REDIS_ABSENT_VARIABLE] ?? 'the global set-up of Jest did not run' };
  const own = new URL(url);
  own.pathname = `/${process.env['JEST_WORKER_ID'] ?? '0'}`;
  return { url: own.toString() };
}

/** `describe` when the thing is there; else a skipped block whose title ends with the reason, for `npm test` to print. */
export function describeWith(thing: { absent?: string }, title: string, block: () => void): void {
  if (thing.absent === undefined) describe(title, block);
  else describe.skip(`${title} [skipped: ${thing.absent}]`, block);
}
