import type { Readable } from 'node:stream';
import { TextDecoder } from 'node:util';
import { SaxesParser, type SaxesTagPlain } from 'saxes';
import { ListError } from './list-error.js';

/** Excel allows 32,767 characters in a cell; a part goes on for longer without a tag only by mischief. */
const LENGTH_WITHOUT_TAG_MAX = 1024 * 1024;

/** Sheets, strings and styles are nested less than ten deep. */
const DEPTH_MAX = 100;

export interface XmlHandler {
  /** `name` is without its namespace prefix, which some programs write and others do not. */
  open: (name: string, attributes: Record<string, string>) => void;
  close?: (name: string) => void;
  text?: (text: string) => void;
}

/**
 * Feeds one part of a workbook to a handler, and yields what `take` gives after each piece.
 * Throws ListError BROKEN_WORKBOOK for what is not well-formed, and for a document type: workbooks have none.
 */
export async function* parseXml<T>(part: Readable, handler: XmlHandler, take: () => T): AsyncGenerator<T> {
  const { open, close, text } = handler;
  const parser = new SaxesParser();
  let sinceTag = 0;
  let depth = 0;
  parser.on('error', (error) => {
    throw broken(error);
  });
  parser.on('doctype', () => {
    throw broken(new Error('a workbook has no document type'));
  });
  parser.on('opentag', ({ name, attributes }: SaxesTagPlain) => {
    sinceTag = 0;
    depth += 1;
    if (depth > DEPTH_MAX) throw new ListError('BROKEN_WORKBOOK');
    open(localName(name), attributes);
  });
  parser.on('closetag', ({ name }: SaxesTagPlain) => {
    sinceTag = 0;
    depth -= 1;
    close?.(localName(name));
  });
  if (text) {
    parser.on('text', text);
    parser.on('cdata', text);
  }
  for await (const piece of decodePart(part)) {
    sinceTag += piece.length;
    parser.write(piece);
    if (sinceTag > LENGTH_WITHOUT_TAG_MAX) throw new ListError('WORKBOOK_TOO_LARGE');
    yield take();
  }
  parser.close();
}

/** As `parseXml`, to the end. */
export async function parseWholeXml(part: Readable, handler: XmlHandler): Promise<void> {
  const turns = parseXml(part, handler, () => undefined);
  let turn = await turns.next();
  while (!turn.done) turn = await turns.next();
}

/** What fails here is the file: a damaged archive, or bytes that are not UTF-8. */
async function* decodePart(part: Readable): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  try {
    for await (const bytes of part as AsyncIterable<Buffer>) yield decoder.decode(bytes, { stream: true });
    yield decoder.decode();
  } catch (error) {
    throw broken(error);
  }
}

function broken(cause: unknown): ListError {
  return cause instanceof ListError ? cause : new ListError('BROKEN_WORKBOOK', {}, { cause });
}

function localName(name: string): string {
  return name.slice(name.indexOf(':') + 1);
}
