import { randomUUID } from 'node:crypto';
import { copyFile, mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { ObjectMissing, type ObjectStore, type SpooledObject } from './object-store.js';

/** Objects as files of a folder, for one machine or a volume that all processes of the service mount. */
export class FolderStore implements ObjectStore {
  constructor(private readonly root: string) {}

  /** Under a draft's name until every byte is on the disk: a reader, or a backup, never sees half an object. */
  async put({ name, path }: SpooledObject): Promise<void> {
    const target = this.pathOf(name);
    await mkdir(dirname(target), { recursive: true, mode: 0o700 });
    const draft = `${target}.${randomUUID()}`;
    try {
      await copyFile(path, draft);
      await sync(draft);
      await rename(draft, target);
    } catch (error) {
      await rm(draft, { force: true });
      throw error;
    }
    await sync(dirname(target));
  }

  async get(name: string): Promise<AsyncIterable<Uint8Array>> {
    try {
      const file = await open(this.pathOf(name));
      return file.createReadStream();
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') throw new ObjectMissing(name);
      throw error;
    }
  }

  async remove(name: string): Promise<void> {
    await rm(this.pathOf(name), { force: true });
  }

  /** In 256 folders: one of a million files is slow to list, and to back up. */
  private pathOf(name: string): string {
    if (!/^[0-9a-f]{64}$/.test(name)) throw new Error(`«${name}» is no name of an object`);
    return join(this.root, name.slice(0, 2), name);
  }
}

/** For a folder: that it has the name which was just given. */
async function sync(path: string): Promise<void> {
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
