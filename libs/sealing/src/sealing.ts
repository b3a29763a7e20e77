import { createCipheriv, createDecipheriv, createSecretKey, hash, type KeyObject } from 'node:crypto';
import { RandomBytes } from './random-bytes.js';

/**
 * Keys of a service. `sealing` holds every version that data may still be sealed under; the highest seals.
 * `lookup` never changes while the data lives: equal numbers must keep equal keys.
 */
export interface SealingKeys {
  sealing: ReadonlyMap<number, Buffer>;
  lookup: Buffer;
}

const keyBytes = 32;
const ivBytes = 12;
const tagBytes = 16;
/** Key version (2 bytes), initialisation vector, tag, cipher text. */
const headerBytes = 2 + ivBytes + tagBytes;
/** Of SHA-256. */
const blockBytes = 64;
const hashBytes = 32;
const shortMessageBytes = 256;

/**
 * Reads the keys from their environment form.
 * @param sealing `1:<base64 of 32 bytes>,2:<…>`
 * @param lookup base64 of 32 bytes
 * @throws Error naming what is wrong; the value itself is never repeated
 */
export function readSealingKeys(sealing: string, lookup: string): SealingKeys {
  const versions = new Map<number, Buffer>();
  for (const part of sealing.split(',')) {
    const [version, text] = [part.slice(0, part.indexOf(':')), part.slice(part.indexOf(':') + 1)];
    if (!/^[1-9]\d{0,3}$/.test(version))
      throw new Error('SEALING_KEYS: expected «version:base64», comma-separated');
    if (versions.has(Number(version))) throw new Error(`SEALING_KEYS: version ${version} is given twice`);
    versions.set(Number(version), keyOf('SEALING_KEYS', text));
  }
  return { sealing: versions, lookup: keyOf('LOOKUP_KEY', lookup) };
}

function keyOf(name: string, text: string): Buffer {
  const key = Buffer.from(text, 'base64');
  if (key.length !== keyBytes) throw new Error(`${name}: a key must be 32 bytes in base64`);
  return key;
}

/** Seals personal numbers at rest by AES-256-GCM, and gives the keyed hashes by which they can be looked up. */
export class Sealer {
  /** The key version that new data is sealed under. */
  readonly version: number;
  /** Made once: Node asks bytes each time whether they are a key, which costs four times what sealing a number does. */
  private readonly sealing: ReadonlyMap<number, KeyObject>;
  /** What the two hashes of an HMAC are made of: the padded key, and room for what is hashed with it. */
  private readonly inner = Buffer.alloc(blockBytes + shortMessageBytes);
  private readonly outer = Buffer.alloc(blockBytes + hashBytes);
  private readonly random = new RandomBytes();

  constructor(keys: SealingKeys) {
    this.version = Math.max(...keys.sealing.keys());
    this.sealing = new Map([...keys.sealing].map(([version, key]) => [version, createSecretKey(key)]));
    const padded = Buffer.concat([keys.lookup, Buffer.alloc(blockBytes - keyBytes)]);
    this.inner.set(padded.map((byte) => byte ^ 0x36));
    this.outer.set(padded.map((byte) => byte ^ 0x5c));
  }

  /** @param place says where the text belongs (table and key): a block moved elsewhere does not open. */
  seal(text: string, place: string): Buffer {
    const iv = this.random.take(ivBytes);
    const cipher = createCipheriv('aes-256-gcm', this.keyOf(this.version), iv).setAAD(Buffer.from(place));
    const cipherText = cipher.update(text, 'utf8');
    // A mode of streams: nothing is left for the end.
    cipher.final();
    const sealed = Buffer.allocUnsafe(headerBytes + cipherText.length);
    sealed.writeUInt16BE(this.version);
    sealed.set(iv, 2);
    sealed.set(cipher.getAuthTag(), 2 + ivBytes);
    sealed.set(cipherText, headerBytes);
    return sealed;
  }

  /** Every version that this process can open. */
  get versions(): number[] {
    return [...this.sealing.keys()].sort((one, other) => one - other);
  }

  /**
   * The same text under the newest key.
   * @throws Error as `open` does, and when the new bytes would not open to the same text
   */
  reseal(sealed: Buffer, place: string): Buffer {
    const text = this.open(sealed, place);
    const anew = this.seal(text, place);
    if (this.open(anew, place) !== text) throw new Error(`${place} does not open to what it held`);
    return anew;
  }

  /** @throws Error when the bytes were changed, moved, or sealed under a key that is no longer given. */
  open(sealed: Buffer, place: string): string {
    const key = this.keyOf(sealed.readUInt16BE(0));
    const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(2, 2 + ivBytes))
      .setAAD(Buffer.from(place))
      .setAuthTag(sealed.subarray(2 + ivBytes, headerBytes));
    // As bytes: asked for text, Node makes a decoder for pieces of letters, which costs a sixth of all this.
    const text = decipher.update(sealed.subarray(headerBytes));
    decipher.final();
    return text.toString();
  }

  /**
   * HMAC-SHA-256 under the look-up key, cut to 128 bits and written as a UUID, the shape that PostgreSQL stores in 16 bytes.
   * Made of two one-shot hashes without a Buffer of its own for either: `createHmac` costs ten times as much, new Buffers
   * twice, and an import makes 1.2 million of these.
   */
  lookupKey(
    domain: 'payee' | 'account' | 'number' | 'phone' | 'insurance' | 'tracking',
    value: string,
  ): string {
    const message = `${domain}\u0000${value}`;
    // UTF-8 takes three bytes at most for each unit of a string. Numbers of people are short, texts of banks need not be.
    const room = blockBytes + message.length * 3;
    const inner =
      room <= this.inner.length ? this.inner : Buffer.concat([this.inner.subarray(0, blockBytes)], room);
    const end = blockBytes + inner.write(message, blockBytes);
    this.outer.write(hash('sha256', inner.subarray(0, end), 'binary'), blockBytes, 'binary');
    const hex = hash('sha256', this.outer, 'hex');
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20, 32)}`;
  }

  private keyOf(version: number): KeyObject {
    const key = this.sealing.get(version);
    if (!key) throw new Error(`SEALING_KEYS: version ${version} is missing`);
    return key;
  }
}
