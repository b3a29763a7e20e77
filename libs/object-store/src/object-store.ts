/** Content at rest on the disk of this machine, on its way into a store. */
export interface SpooledObject {
  /** SHA-256 of its bytes in hexadecimal digits: what it is called, so that nobody can put another in its place unnoticed. */
  name: string;
  bytes: number;
  path: string;
}

/** Where files are kept under the digest of their bytes. What is kept does not change; it is there or it is not. */
export interface ObjectStore {
  /** Keeps it whole or not at all. Once this resolves it outlives a power cut. */
  put(object: SpooledObject): Promise<void>;
  /** @throws ObjectMissing before anything was read */
  get(name: string): Promise<AsyncIterable<Uint8Array>>;
  /** Takes it away; one that is not there is away already. */
  remove(name: string): Promise<void>;
}

export class ObjectMissing extends Error {
  constructor(readonly objectName: string) {
    super(`there is no object ${objectName}`);
    this.name = 'ObjectMissing';
  }
}
