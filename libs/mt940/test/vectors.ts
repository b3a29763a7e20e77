import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Statements of other banks, and what they must read as, stand beside the checkout, never in it. */
function findVectors(from: string): string | undefined {
  const vectors = join(from, 'shared/vectors/mt940');
  if (existsSync(vectors)) return vectors;
  return dirname(from) === from ? undefined : findVectors(dirname(from));
}

export const vectors = findVectors(import.meta.dirname);

/** Says in the test's name why it was skipped. */
export const whenAbsent = vectors ? '' : ' (skipped: no shared/vectors/mt940 beside the checkout)';
