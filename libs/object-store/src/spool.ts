import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { SpooledObject } from './object-store.js';

/**
 * Takes content to a private file, works on it, and removes it: a name that is a digest is known only at the end. It is
 * sealed before it comes here, so what a killed process leaves behind says nothing.
 */
export async function withSpooledObject<T>(
  content: AsyncIterable<Uint8Array>,
  work: (object: SpooledObject) => Promise<T>,
): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'ansinh-object-'));
  const path = join(folder, 'content');
  const digest = createHash('sha256');
  let bytes = 0;
  try {
    await pipeline(
      content,
      async function* (pieces: AsyncIterable<Uint8Array>) {
        for await (const piece of pieces) {
          digest.update(piece);
          bytes += piece.length;
          yield piece;
        }
      },
      createWriteStream(path, { mode: 0o600 }),
    );
    return await work({ name: digest.digest('hex'), bytes, path });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
