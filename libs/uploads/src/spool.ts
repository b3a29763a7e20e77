import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { problems, ProblemError } from '@ansinh/problem';

/** Whose folder it is stands in its name: the machine, then the process. */
const prefix = `ansinh-upload-${hostname()}-`;

/** An upload that rests on disk. Whoever takes one removes it, whatever happens. */
export interface Spool {
  path: string;
  remove(): Promise<void>;
}

/**
 * Takes an upload to a private file. Reading a caller's socket inside a transaction would hold locks for as long as the
 * caller likes; from a file the transaction can also begin again.
 * @param bytesMax more is refused with PAYLOAD_TOO_LARGE
 */
export async function spool(source: AsyncIterable<Uint8Array>, bytesMax: number): Promise<Spool> {
  const folder = await mkdtemp(join(tmpdir(), `${prefix}${process.pid}-`));
  const path = join(folder, 'content');
  // Work that failed may have let go of a file that was still being opened: it appears beside while the folder is emptied.
  const remove = () => rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 20 });
  try {
    await pipeline(source, limitTo(bytesMax), createWriteStream(path, { mode: 0o600 }));
  } catch (error) {
    await remove();
    throw error;
  }
  return { path, remove };
}

/** The same for work that ends with the request. */
export async function withSpooled<T>(
  source: AsyncIterable<Uint8Array>,
  bytesMax: number,
  work: (path: string) => Promise<T>,
): Promise<T> {
  const { path, remove } = await spool(source, bytesMax);
  try {
    return await work(path);
  } finally {
    await remove();
  }
}

/**
 * Removes what processes of this machine left that were killed in mid-upload: lists hold citizen numbers in the clear.
 * Called where this process has no upload of its own: at its start, or by a worker, which takes none.
 * @returns how many it was
 */
export async function removeAbandonedSpools(): Promise<number> {
  let removed = 0;
  for (const name of await readdir(tmpdir())) {
    if (!name.startsWith(prefix)) continue;
    const pid = Number.parseInt(name.slice(prefix.length), 10);
    if (pid !== process.pid && isAlive(pid)) continue;
    await rm(join(tmpdir(), name), { recursive: true, force: true });
    removed += 1;
  }
  return removed;
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    // Somebody else's process: it is there, and so may its upload be.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

function limitTo(bytesMax: number): Transform {
  let bytes = 0;
  return new Transform({
    transform(piece: Uint8Array, _encoding, done) {
      bytes += piece.length;
      if (bytes > bytesMax) {
        const [vi, en] = [`Tối đa ${bytesMax} byte.`, `At most ${bytesMax} bytes.`];
        done(new ProblemError(problems.payloadTooLarge, { detail: { vi, en } }));
      } else done(null, piece);
    },
  });
}

/** SHA-256 of what rests there, hex: by it a record says which file it came from. */
export async function digestOfFile(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}
