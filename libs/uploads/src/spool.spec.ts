import { existsSync, mkdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { removeAbandonedSpools, withSpooled } from './spool.js';

async function* pieces(...texts: string[]): AsyncGenerator<Uint8Array> {
  for (const text of texts) yield Promise.resolve(Buffer.from(text));
}

/** Opens one new file after the other beside the given one, until the folder is gone. */
async function openFor(milliseconds: number, path: string): Promise<void> {
  const end = Date.now() + milliseconds;
  for (let file = 0; Date.now() < end && existsSync(dirname(path)); file += 1) {
    await Promise.allSettled([writeFile(`${path}-${file}`, '')]);
  }
}

describe('an upload', () => {
  test('is a private file while it is worked on, and gone after', async () => {
    let seen = '';
    const content = await withSpooled(pieces('một ', 'hai'), 100, async (path) => {
      seen = path;
      expect(statSync(path).mode & 0o777).toBe(0o600);
      expect(statSync(dirname(path)).mode & 0o777).toBe(0o700);
      return readFile(path, 'utf8');
    });
    expect(content).toBe('một hai');
    expect(existsSync(dirname(seen))).toBe(false);
  });

  test('may be exactly as large as allowed, and not one byte larger', async () => {
    expect(await withSpooled(pieces('12345', '67890'), 10, () => Promise.resolve('read'))).toBe('read');
    const tooLarge = withSpooled(pieces('12345', '678901'), 10, () => Promise.reject(new Error('was read')));
    await expect(tooLarge).rejects.toMatchObject({ definition: { code: 'PAYLOAD_TOO_LARGE', status: 413 } });
  });

  test('leaves nothing behind when the work fails, or the sender breaks off', async () => {
    let seen = '';
    const failing = withSpooled(pieces('1'), 10, (path) => {
      seen = path;
      return Promise.reject(new Error('no'));
    });
    await expect(failing).rejects.toThrow('no');
    expect(existsSync(dirname(seen))).toBe(false);
    async function* broken(): AsyncGenerator<Uint8Array> {
      yield Promise.resolve(Buffer.from('1'));
      throw new Error('connection lost');
    }
    const cut = withSpooled(broken(), 10, () => Promise.reject(new Error('was read')));
    await expect(cut).rejects.toThrow('connection lost');
  });

  test('leaves nothing behind where files beside it are still being opened', async () => {
    let seen = '';
    let opening = Promise.resolve();
    const failing = withSpooled(pieces('1'), 10, (path) => {
      seen = path;
      opening = openFor(30, path);
      return Promise.reject(new Error('no'));
    });
    await expect(failing).rejects.toThrow('no');
    await opening;
    expect(existsSync(dirname(seen))).toBe(false);
  });
});

test('what killed processes left is removed; what a living one works on is not', async () => {
  const folder = (pid: number | string, host = hostname()) =>
    join(tmpdir(), `ansinh-upload-${host}-${pid}-spec`);
  // No process has this number: PID_MAX_LIMIT of Linux is 2^22.
  const abandoned = folder(4_194_305);
  const kept = [folder(process.ppid), folder(4_194_305, 'another-machine')];
  for (const path of [abandoned, ...kept]) {
    mkdirSync(path, { recursive: true });
    writeFileSync(join(path, 'content'), 'x');
  }
  try {
    expect(await removeAbandonedSpools()).toBeGreaterThanOrEqual(1);
    expect([abandoned, ...kept].map((path) => existsSync(path))).toEqual([false, true, true]);
  } finally {
    for (const path of kept) rmSync(path, { recursive: true });
  }
});
