import type { Readable } from 'node:stream';
import { StreamableFile } from '@nestjs/common';

interface DownloadedFile {
  type: string;
  /** Letters that need no quoting in a header: codes and numbers, never what somebody typed. */
  fileName: string;
  /** Where it is known before the last byte is made. */
  bytes?: number;
}

/** A file to be saved, never shown in the page that asked for it. */
export function download(
  { type, fileName, bytes }: DownloadedFile,
  content: Readable | Uint8Array,
): StreamableFile {
  if (!/^[\w.-]+$/.test(fileName)) throw new Error(`«${fileName}» would have to be quoted in a header`);
  const options = { type, disposition: `attachment; filename="${fileName}"`, length: bytes };
  // The constructor is overloaded, and takes no union.
  return content instanceof Uint8Array
    ? new StreamableFile(content, options)
    : new StreamableFile(content, options);
}
