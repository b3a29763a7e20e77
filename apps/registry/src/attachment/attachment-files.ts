import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { Inject, Injectable, Logger } from '@nestjs/common';
import { ObjectMissing, type ObjectStore, withSpooledObject } from '@ansinh/object-store';
import { problems, ProblemError } from '@ansinh/problem';
import { newContentKey, openStream, sealStream } from '@ansinh/sealing';
import { attachmentProblems } from './attachment.problems.js';
import { type MediaType, mediaTypeOf, signatureBytesMax } from './media-type.js';
import type { VirusScanner } from './virus-scanner.js';

export const attachmentSettings = Symbol(
  'where attachments are kept, who scans them, and how large they may be',
);

export interface AttachmentSettings {
  store: ObjectStore;
  scanner: VirusScanner;
  bytesMax: number;
}

/** A file that was found to be what it was said to be, and is in the store. */
export interface KeptFile {
  objectName: string;
  key: Buffer;
  mediaType: MediaType;
  bytes: number;
  sha256: string;
  scan: 'clean' | 'notScanned';
}

/** Files on their way into the store and out of it. They are sealed before they touch a disk. */
@Injectable()
export class AttachmentFiles {
  private readonly logger = new Logger('attachments');

  constructor(@Inject(attachmentSettings) private readonly settings: AttachmentSettings) {}

  /**
   * Nothing reaches the store that was not looked at: size and kind as it arrives, malware before it is kept.
   * @throws ProblemError PAYLOAD_TOO_LARGE, ATTACHMENT_CONTENT, ATTACHMENT_INFECTED, SCANNER_UNAVAILABLE,
   *   OBJECT_STORE_UNAVAILABLE
   */
  async keep(upload: AsyncIterable<Uint8Array>, mediaType: MediaType): Promise<KeptFile> {
    const key = newContentKey();
    const digest = createHash('sha256');
    let bytes = 0;
    const { bytesMax } = this.settings;
    async function* checked(): AsyncGenerator<Uint8Array> {
      for await (const piece of startingAs(mediaType, upload)) {
        bytes += piece.length;
        if (bytes > bytesMax) throw tooLarge(bytesMax);
        digest.update(piece);
        yield piece;
      }
    }
    return withSpooledObject(sealStream(key, checked()), async (object) => {
      const scan = await this.scan(openStream(key, createReadStream(object.path)));
      await this.reached(() => this.settings.store.put(object));
      return { objectName: object.name, key, mediaType, bytes, sha256: digest.digest('hex'), scan };
    });
  }

  /** @throws ProblemError OBJECT_STORE_UNAVAILABLE; Error where it is gone, or is not what was kept */
  async open(objectName: string, key: Buffer): Promise<AsyncGenerator<Uint8Array>> {
    return openStream(key, await this.reached(() => this.settings.store.get(objectName)));
  }

  /** Of what no row will ever name. What stays because the store is away cannot be opened: its key was nowhere but here. */
  async forget({ objectName }: KeptFile): Promise<void> {
    try {
      await this.settings.store.remove(objectName);
    } catch (error) {
      this.logger.warn(error, `object ${objectName} stays although nothing names it`);
    }
  }

  private async scan(content: AsyncIterable<Uint8Array>): Promise<KeptFile['scan']> {
    const scan = await this.settings.scanner.scan(content).catch((error: unknown) => {
      this.logger.warn(error, 'the scanner for malware did not answer');
      throw new ProblemError(attachmentProblems.scannerAway);
    });
    if (scan.verdict !== 'infected') return scan.verdict;
    this.logger.warn(`malware was refused: ${scan.signature}`);
    throw new ProblemError(attachmentProblems.infected, { extensions: { signature: scan.signature } });
  }

  private async reached<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      // It was there when its row was written: that is a loss, and somebody has to get up for it.
      if (error instanceof ObjectMissing) throw error;
      this.logger.warn(error, 'the store of objects did not do as it was asked');
      throw new ProblemError(attachmentProblems.storeAway);
    }
  }
}

/** The content, once its first bytes have shown what it is. @throws ProblemError ATTACHMENT_CONTENT */
async function* startingAs(
  mediaType: MediaType,
  content: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  let head: Buffer | null = Buffer.alloc(0);
  for await (const piece of content) {
    if (head === null) {
      yield piece;
      continue;
    }
    head = Buffer.concat([head, piece]);
    if (head.length < signatureBytesMax) continue;
    requireType(head, mediaType);
    yield head;
    head = null;
  }
  if (head === null) return;
  requireType(head, mediaType);
  yield head;
}

function requireType(head: Buffer, stated: MediaType): void {
  const found = mediaTypeOf(head);
  if (found !== stated) throw new ProblemError(attachmentProblems.content, { extensions: { stated, found } });
}

function tooLarge(bytesMax: number): ProblemError {
  const [vi, en] = [`Tối đa ${bytesMax} byte.`, `At most ${bytesMax} bytes.`];
  return new ProblemError(problems.payloadTooLarge, { detail: { vi, en } });
}
