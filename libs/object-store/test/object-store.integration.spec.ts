import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pathToFileURL } from 'node:url';
import S3rver from '@20minutes/s3rver';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { ObjectMissing, type ObjectStore, openObjectStore, withSpooledObject } from '../src/index.js';

const credentials = { region: 'us-east-1', accessKeyId: 'S3RVER', secretAccessKey: 'S3RVER' };

let folder: string;
let server: S3rver;
let endpoint: string;
const stores = {} as Record<'a folder' | 'a bucket', ObjectStore>;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'object-store-'));
  server = new S3rver({
    address: '127.0.0.1',
    port: 0,
    silent: true,
    directory: join(folder, 's3'),
    configureBuckets: [{ name: 'papers' }],
  });
  endpoint = `http://127.0.0.1:${(await server.run()).port}`;
  const s3 = { ...credentials, endpoint };
  stores['a folder'] = openObjectStore(pathToFileURL(join(folder, 'objects')).href, s3);
  stores['a bucket'] = openObjectStore('s3://papers', s3);
});
afterAll(async () => {
  await server.close();
  await rm(folder, { recursive: true });
});

const keep = (store: ObjectStore, content: Buffer) =>
  withSpooledObject(Readable.from([content.subarray(0, 7), content.subarray(7)]), async (object) => {
    await store.put(object);
    return object.name;
  });

async function read(store: ObjectStore, name: string): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  for await (const part of await store.get(name)) parts.push(part);
  return Buffer.concat(parts);
}

describe.each(['a folder', 'a bucket'] as const)('%s', (kind) => {
  test('gives back what it was given, under the digest of the bytes', async () => {
    const content = randomBytes(3_000_000);
    const name = await keep(stores[kind], content);
    expect(name).toBe(createHash('sha256').update(content).digest('hex'));
    expect((await read(stores[kind], name)).equals(content)).toBe(true);
    // Twice the same is once.
    expect(await keep(stores[kind], content)).toBe(name);
  });

  test('has nothing more to give once it was taken away, and may be told so twice', async () => {
    const name = await keep(stores[kind], Buffer.from('taken away again'));
    await stores[kind].remove(name);
    await stores[kind].remove(name);
    await expect(stores[kind].get(name)).rejects.toThrow(ObjectMissing);
  });

  test('keeps nothing of a file that is not there', async () => {
    const object = { name: 'f'.repeat(64), bytes: 4, path: join(folder, 'absent') };
    await expect(stores[kind].put(object)).rejects.toThrow('ENOENT');
    await expect(stores[kind].get(object.name)).rejects.toThrow(ObjectMissing);
  });
});

test('a folder has no draft left, lets nobody else read, and takes no path for a name', async () => {
  const files = (await readdir(join(folder, 'objects'), { recursive: true })).filter((name) =>
    name.includes('/'),
  );
  expect(files.length).toBeGreaterThan(0);
  for (const file of files) expect(file).toMatch(/^([0-9a-f]{2})\/\1[0-9a-f]{62}$/);
  await expect(stores['a folder'].get('../../etc/passwd')).rejects.toThrow('is no name');
});

test('a bucket is not given to who signs with another secret', async () => {
  const stranger = openObjectStore('s3://papers', { ...credentials, endpoint, secretAccessKey: 'guessed' });
  await expect(keep(stranger, Buffer.from('x'))).rejects.toThrow('signature');
});

test('nothing of an upload is left on this machine, whatever became of it', async () => {
  const spools = async () => (await readdir(tmpdir())).filter((name) => name.startsWith('ansinh-object-'));
  const before = await spools();
  const broken = Readable.from(
    (async function* () {
      yield Buffer.from('half');
      throw new Error('the line was cut');
    })(),
  );
  await expect(withSpooledObject(broken, async () => 'never')).rejects.toThrow('the line was cut');
  const seen = await withSpooledObject(Readable.from([Buffer.from('whole')]), ({ path }) =>
    readFile(path, 'utf8'),
  );
  expect(seen).toBe('whole');
  expect(await spools()).toEqual(before);
});

test('a place that is neither is refused at once', () => {
  expect(() => openObjectStore('ftp://papers', { ...credentials, endpoint })).toThrow('OBJECT_STORE');
});
