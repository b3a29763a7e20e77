import { TextDecoder } from 'node:util';
import { ListError } from './list-error.js';

/** Longest line of a list, in characters: a thousand times what a payment needs. */
export const LINE_LENGTH_MAX = 64 * 1024;

const ZIP = [0x50, 0x4b, 0x03, 0x04];

/**
 * Decodes a text file piece by piece: UTF-8 with or without a byte order mark, or UTF-16LE with one (the “Unicode Text”
 * of Excel). Throws ListError WRONG_ENCODING for bytes that are neither, and WORKBOOK_AS_TEXT for an .xlsx file.
 */
export async function* decodeText(source: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  let decoder: TextDecoder | null = null;
  let head = Buffer.alloc(0);
  for await (const bytes of source) {
    if (decoder) {
      yield decode(decoder, bytes);
      continue;
    }
    // A stream may come byte by byte: what the file is shows only in its first four.
    head = Buffer.concat([head, bytes]);
    if (head.length < ZIP.length) continue;
    decoder = decoderFor(head);
    yield decode(decoder, head);
  }
  if (!decoder) {
    decoder = decoderFor(head);
    yield decode(decoder, head);
  }
  yield decode(decoder, null);
}

function decoderFor(head: Uint8Array): TextDecoder {
  if (ZIP.every((byte, index) => head[index] === byte)) throw new ListError('WORKBOOK_AS_TEXT');
  const isUtf16 = head[0] === 0xff && head[1] === 0xfe;
  return new TextDecoder(isUtf16 ? 'utf-16le' : 'utf-8', { fatal: true });
}

/** `null` ends the text: a character cut off in the middle is an error then. */
function decode(decoder: TextDecoder, bytes: Uint8Array | null): string {
  try {
    return bytes ? decoder.decode(bytes, { stream: true }) : decoder.decode();
  } catch (error) {
    throw new ListError('WRONG_ENCODING', {}, { cause: error });
  }
}

export interface Lines {
  /** Number of the first of them in the file, from 1. */
  first: number;
  count: number;
  /** The lines with LF between them. */
  text: string;
}

/**
 * Cuts text where lines end, some hundreds at a time. LF, CRLF and CR end a line.
 * Throws ListError LINE_TOO_LONG before more than that is kept in memory.
 */
export async function* readLines(pieces: AsyncIterable<string>): AsyncGenerator<Lines> {
  let rest = '';
  let first = 1;
  for await (const piece of pieces) {
    const text = rest + piece;
    // A CR at the end of a piece may be the first half of a CRLF.
    const held = text.endsWith('\r') ? 1 : 0;
    const lines = withLineFeeds(text.slice(0, text.length - held));
    const end = lines.lastIndexOf('\n');
    const count = checkLengths(lines, first) - 1;
    if (count > 0) yield { first, count, text: lines.slice(0, end) };
    first += count;
    rest = lines.slice(end + 1) + text.slice(text.length - held);
  }
  const text = withLineFeeds(rest.endsWith('\r') ? rest.slice(0, -1) : rest);
  if (rest !== '') yield { first, count: 1, text };
}

function withLineFeeds(text: string): string {
  return text.includes('\r') ? text.replaceAll(/\r\n?/g, '\n') : text;
}

/** @returns how many lines there are, counting one that is not whole yet */
function checkLengths(text: string, first: number): number {
  let count = 0;
  for (let from = 0; ;) {
    const end = text.indexOf('\n', from);
    const length = (end === -1 ? text.length : end) - from;
    if (length > LINE_LENGTH_MAX)
      throw new ListError('LINE_TOO_LONG', { line: first + count, limit: LINE_LENGTH_MAX });
    count += 1;
    if (end === -1) return count;
    from = end + 1;
  }
}
