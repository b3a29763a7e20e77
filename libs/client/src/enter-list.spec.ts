import { expect, test } from '@jest/globals';
import { enterList } from './enter-list.js';
import { ProblemError } from './errors.js';

const rowsPerChunk = 10;

/** A list of the service: chunks are taken at once and counted when they end. `failsAt`: the chunk that does not enter. */
function served({ rows, kind = 'people', failsAt }: { rows: number; kind?: string; failsAt?: number }) {
  const list = { id: 'L', kind, rows, applied: 0 };
  const seen = { atOnce: 0, most: 0, begun: 0 };
  let taken = 0;
  const enterNext = async () => {
    if (taken >= rows) {
      const problem = { type: 'about:blank', status: 409, code: 'IMPORT_DONE', title: 'done' };
      throw new ProblemError(problem as never);
    }
    const size = Math.min(rowsPerChunk, rows - taken);
    taken += size;
    seen.begun += 1;
    const number = seen.begun;
    seen.atOnce += 1;
    seen.most = Math.max(seen.most, seen.atOnce);
    await new Promise((resolve) => setTimeout(resolve, 5));
    seen.atOnce -= 1;
    if (number === failsAt) throw new Error('gone');
    list.applied += size;
    return { ...list };
  };
  return { list: { ...list }, seen, calls: { enterNext, get: () => Promise.resolve({ ...list }) } };
}

test.each([
  ['people', 55, 2],
  ['people', 5, 1],
  ['households', 55, 1],
])('a list of %s of %s rows enters whole, %s at a time', async (kind, rows, most) => {
  const { list, seen, calls } = served({ rows, kind });
  const told: number[] = [];
  expect(await enterList(list, calls, ({ applied }) => told.push(applied))).toMatchObject({ applied: rows });
  expect(seen).toMatchObject({ begun: Math.ceil(rows / rowsPerChunk), most });
  expect(told).toEqual(told.toSorted((one, other) => one - other));
  expect(told.at(-1)).toBe(rows);
});

test('a list that is done already is asked for nothing', async () => {
  const { list, seen, calls } = served({ rows: 20 });
  expect(await enterList({ ...list, applied: 20 }, calls)).toMatchObject({ applied: 20 });
  expect(seen.begun).toBe(0);
});

test('after a chunk that failed none is begun, and the error comes when all have ended', async () => {
  const { list, seen, calls } = served({ rows: 100, failsAt: 2 });
  await expect(enterList(list, calls)).rejects.toThrow('gone');
  expect(seen).toMatchObject({ atOnce: 0 });
  expect(seen.begun).toBeLessThanOrEqual(3);
});
