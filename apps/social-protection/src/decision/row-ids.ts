import { randomBytes } from 'node:crypto';
import { v7 as uuidv7 } from 'uuid';

/**
 * Ids of rows that are made together, in the order in which they are asked for. They have their random part in common and are
 * counted up from a random number: asking the system for random bytes for each of them takes longer than evaluating the law.
 */
export function rowIds(): () => string {
  const random = randomBytes(16);
  const msecs = Date.now();
  let next = random.readUInt32BE(0) >>> 1;
  return () => uuidv7({ random, msecs, seq: next++ });
}
