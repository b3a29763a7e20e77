import { randomBytes } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { newContentKey, openStream, sealStream } from './sealed-stream.js';

const segment = 64 * 1024;
const sealedSegment = segment + 16;

/** In pieces of that size, as a socket or a disk gives them. */
async function* pieces(content: Buffer, size = 10_000): AsyncGenerator<Buffer> {
  for (let at = 0; at < content.length; at += size) yield content.subarray(at, at + size);
}

async function whole(stream: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  for await (const part of stream) parts.push(part);
  return Buffer.concat(parts);
}

const sealed = (key: Buffer, content: Buffer) => whole(sealStream(key, pieces(content)));
const opened = (key: Buffer, content: Buffer, size?: number) => whole(openStream(key, pieces(content, size)));

describe('content that is sealed as it flows', () => {
  test.each([0, 1, segment - 1, segment, segment + 1, 3 * segment, 3 * segment + 5])(
    'of %s bytes opens to what it was, however it is cut',
    async (length) => {
      const key = newContentKey();
      const content = randomBytes(length);
      const bytes = await sealed(key, content);
      expect(bytes.length).toBe(length + 16 * Math.max(1, Math.ceil(length / segment)));
      for (const size of [777, sealedSegment, 1_000_000])
        expect((await opened(key, bytes, size)).equals(content)).toBe(true);
    },
  );

  const key = newContentKey();
  const content = randomBytes(3 * segment);
  const parts = async () => {
    const bytes = await sealed(key, content);
    return [0, 1, 2].map((at) => bytes.subarray(at * sealedSegment, (at + 1) * sealedSegment));
  };
  test.each([
    [
      'with a bit changed',
      ([a, b, c]: Buffer[]) => [a!, Buffer.from(b!.map((x, i) => (i === 9 ? x ^ 1 : x))), c!],
    ],
    ['without its last segment', ([a, b]: Buffer[]) => [a!, b!]],
    ['without its last byte', ([a, b, c]: Buffer[]) => [a!, b!, c!.subarray(0, -1)]],
    ['without its first segment', ([, b, c]: Buffer[]) => [b!, c!]],
    ['with two segments exchanged', ([a, b, c]: Buffer[]) => [b!, a!, c!]],
    ['with a segment twice', ([a, b, c]: Buffer[]) => [a!, a!, b!, c!]],
    ['with something after its end', ([a, b, c]: Buffer[]) => [a!, b!, c!, c!]],
    ['with nothing of it left', () => []],
  ])('%s does not open', async (_, changed) => {
    await expect(opened(key, Buffer.concat(changed(await parts())))).rejects.toThrow();
  });

  test('does not open under another key', async () => {
    await expect(opened(newContentKey(), await sealed(key, content))).rejects.toThrow();
  });
});
