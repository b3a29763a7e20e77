import { describe, expect, test } from '@jest/globals';
import { collect } from '../test/messages.js';
import { readElements, type XmlSource } from './element-reader.js';

const read = (source: XmlSource) =>
  collect(readElements<string>(source, (tree, emit) => tree.on('A/B', (text) => emit(text))));

async function* pieces(bytes: Buffer, length: number): AsyncGenerator<Buffer> {
  for (let from = 0; from < bytes.length; from += length) yield bytes.subarray(from, from + length);
}

describe('readElements', () => {
  const xml =
    '<?xml version="1.0" encoding="UTF-8"?><Document><A><B>Đào &amp; Út</B><C><B>no</B></C></A></Document>';

  test.each([1, 2, 3, 7, 1000])('reads the same in pieces of %i bytes', async (length) => {
    expect(await read(pieces(Buffer.from(xml), length))).toEqual(['Đào & Út']);
  });

  test('accepts a byte order mark and CDATA', async () => {
    expect(await read('\uFEFF<Document><A><B><![CDATA[<x>]]></B></A></Document>')).toEqual(['<x>']);
  });

  const entity = '<!DOCTYPE Document [<!ENTITY e "x">]><Document><A><B>&e;</B></A></Document>';
  test.each([
    ['a document type', entity, 'DOCTYPE_REFUSED'],
    ['an unknown entity', '<Document><A><B>&nbsp;</B></A></Document>', 'MALFORMED_XML'],
    ['an open element', '<Document><A>', 'MALFORMED_XML'],
    ['nothing', '', 'MALFORMED_XML'],
    ['text', 'paid', 'MALFORMED_XML'],
    ['another root', '<Envelope><Document/></Envelope>', 'UNSUPPORTED_MESSAGE'],
    ['another encoding', '<?xml version="1.0" encoding="UTF-16"?><Document/>', 'MALFORMED_XML'],
    ['bytes that are not UTF-8', Buffer.from([0x3c, 0x44, 0xff, 0x3e]), 'MALFORMED_XML'],
    ['depth', `<Document>${'<A>'.repeat(60)}${'</A>'.repeat(60)}</Document>`, 'LIMIT_EXCEEDED'],
    ['a long value', `<Document><A><B>${'x'.repeat(5_000)}</B></A></Document>`, 'LIMIT_EXCEEDED'],
    [
      'an endless text elsewhere',
      `<Document><A><X>${'x'.repeat(3_000_000)}</X></A></Document>`,
      'LIMIT_EXCEEDED',
    ],
    ['an endless attribute', `<Document a="${'x'.repeat(3_000_000)}"/>`, 'LIMIT_EXCEEDED'],
  ])('refuses %s', async (_, source, code) => {
    await expect(read(source)).rejects.toThrow(expect.objectContaining({ code }));
  });
});
