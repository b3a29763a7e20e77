import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';

/** Of plain content: a reader waits for little, and the tags cost nothing that could be noticed. */
const segmentBytes = 64 * 1024;
const tagBytes = 16;
const nonceBytes = 12;

/** A key for one content. It is sealed beside the record of it, and never seals twice. */
export const newContentKey = (): Buffer => randomBytes(32);

/**
 * Seals content of any length by AES-256-GCM in segments, in memory of one of them (the STREAM construction of Hoang,
 * Reyhanitabar, Rogaway and Vizár). The nonce of a segment is its number and whether it is the last one: none can be left
 * out, repeated, moved or cut off. Numbers may begin anew in each content because its key is its own.
 */
export async function* sealStream(
  key: Buffer,
  content: AsyncIterable<Uint8Array>,
): AsyncGenerator<Buffer, void> {
  let number = 0;
  for await (const { bytes, isLast } of segmentsOf(content, segmentBytes)) {
    const cipher = createCipheriv('aes-256-gcm', key, nonceOf(number, isLast));
    yield Buffer.concat([cipher.update(bytes), cipher.final(), cipher.getAuthTag()]);
    number += 1;
  }
}

/**
 * What `sealStream` sealed. A segment is given out only after its tag was checked; whoever reads to the end has the whole.
 * @throws Error where the bytes are not those that were sealed under this key, or not all of them
 */
export async function* openStream(
  key: Buffer,
  sealed: AsyncIterable<Uint8Array>,
): AsyncGenerator<Buffer, void> {
  let number = 0;
  for await (const { bytes, isLast } of segmentsOf(sealed, segmentBytes + tagBytes)) {
    if (bytes.length < tagBytes) throw new Error('the sealed content is cut off');
    const decipher = createDecipheriv('aes-256-gcm', key, nonceOf(number, isLast)).setAuthTag(
      bytes.subarray(-tagBytes),
    );
    yield Buffer.concat([decipher.update(bytes.subarray(0, -tagBytes)), decipher.final()]);
    number += 1;
  }
}

function nonceOf(number: number, isLast: boolean): Buffer {
  const nonce = Buffer.alloc(nonceBytes);
  nonce.writeUInt32BE(number, nonceBytes - 5);
  nonce.writeUInt8(isLast ? 1 : 0, nonceBytes - 1);
  return nonce;
}

/** Cuts content into pieces of one size. The last one, full or not, is known as such only when the content has ended. */
async function* segmentsOf(
  content: AsyncIterable<Uint8Array>,
  size: number,
): AsyncGenerator<{ bytes: Buffer; isLast: boolean }> {
  let waiting: Uint8Array[] = [];
  let length = 0;
  for await (const piece of content) {
    waiting.push(piece);
    length += piece.length;
    if (length <= size) continue;
    let rest = Buffer.concat(waiting);
    for (; rest.length > size; rest = rest.subarray(size)) {
      yield { bytes: rest.subarray(0, size), isLast: false };
    }
    waiting = [rest];
    length = rest.length;
  }
  yield { bytes: Buffer.concat(waiting), isLast: true };
}
