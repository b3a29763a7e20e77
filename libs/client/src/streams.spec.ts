import { Readable } from 'node:stream';
import { describe, expect, test } from '@jest/globals';
import { everyItem, parseNdjson } from './streams.js';

async function* chunksOf(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

describe('parseNdjson', () => {
  const objects = [
    { row: 1, name: 'Nguyễn Thị Đào' },
    { row: 2, name: 'Trần 🌾' },
  ];
  const text = objects.map((one) => JSON.stringify(one)).join('\n');

  test.each([
    ['a line end at the end', `${text}\n`],
    ['none', text],
    ['CRLF and empty lines', `${text.replace('\n', '\r\n\r\n')}\r\n\n`],
  ])('with %s, wherever the chunks are cut', async (_case, body) => {
    for (const size of [1, 2, 3, 7, 1000]) {
      expect(await Readable.from(parseNdjson(chunksOf(Buffer.from(body), size))).toArray()).toEqual(objects);
    }
  });

  test('a line without an end is not collected for ever', async () => {
    async function* endless(): AsyncGenerator<Uint8Array> {
      for (;;) yield Buffer.alloc(65_536, 'x');
    }
    await expect(parseNdjson(endless()).next()).rejects.toThrow('longer than');
  });
});

describe('everyItem', () => {
  const pages = {
    first: { items: [1, 2], next: 'b' },
    b: { items: [], next: 'c' },
    c: { items: [3], next: null },
  };

  test('follows the cursor to the last page', async () => {
    const asked: unknown[] = [];
    const items = everyItem((page) => {
      asked.push(page);
      return Promise.resolve(pages[(page.after ?? 'first') as keyof typeof pages]);
    }, 2);
    expect(await Readable.from(items).toArray()).toEqual([1, 2, 3]);
    expect(asked).toEqual([{ limit: 2 }, { limit: 2, after: 'b' }, { limit: 2, after: 'c' }]);
  });

  test('asks for no page that nobody wants', async () => {
    let asked = 0;
    for await (const _first of everyItem(() => Promise.resolve({ items: [++asked], next: 'more' }))) break;
    expect(asked).toBe(1);
  });
});
