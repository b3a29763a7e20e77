import { fileURLToPath } from 'node:url';
import { FolderStore } from './folder-store.js';
import type { ObjectStore } from './object-store.js';
import { type S3Settings, S3Store } from './s3-store.js';

/**
 * The store that a service is told to use.
 * @param location `file:///var/lib/ansinh/objects` or `s3://bucket`
 */
export function openObjectStore(location: string, s3: Omit<S3Settings, 'bucket'>): ObjectStore {
  const url = new URL(location);
  if (url.protocol === 'file:') return new FolderStore(fileURLToPath(url));
  if (url.protocol === 's3:') return new S3Store({ ...s3, bucket: url.hostname });
  throw new Error(`OBJECT_STORE: neither a folder nor a bucket: ${url.protocol}`);
}
