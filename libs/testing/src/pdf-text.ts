import { inflateSync } from 'node:zlib';

/** What a document says, as a reader copies it out: glyphs by the maps that stand in it, one text a line. */
export function textOfPdf(pdf: Uint8Array): string {
  const streams = streamsOf(Buffer.from(pdf));
  const maps = streams.filter((text) => text.includes('begincmap')).map(lettersOf);
  const said = streams
    .filter((text) => text.includes(' Tf'))
    .flatMap((text) => [...text.matchAll(/\/F(\d+) [\d.]+ Tf\n\[(.*)\] TJ/g)]);
  // Fonts are numbered as they were registered, and their maps stand in that order.
  const firstFont = Math.min(...said.map(([, font]) => Number(font)));
  return said.map(([, font, glyphs]) => read(glyphs!, maps[Number(font) - firstFont]!)).join('\n');
}

function streamsOf(bytes: Buffer): string[] {
  const streams: string[] = [];
  for (let at = bytes.indexOf('stream\n'); at !== -1; at = bytes.indexOf('stream\n', at + 1)) {
    if (bytes.subarray(at - 3, at).toString() === 'end') continue;
    streams.push(inflateSync(bytes.subarray(at + 7, bytes.indexOf('\nendstream', at))).toString('latin1'));
  }
  return streams;
}

function lettersOf(map: string): string[] {
  const codes = [...map.matchAll(/\[(.*)\]/g)].flatMap(([, range]) => range!.match(/[0-9a-f]{4}/g) ?? []);
  return codes.map((code) => String.fromCharCode(parseInt(code, 16)));
}

const read = (glyphs: string, letters: string[]) =>
  (glyphs.match(/[0-9a-f]{4}(?=[0-9a-f]*>)/g) ?? [])
    .map((glyph) => letters[parseInt(glyph, 16)] ?? '?')
    .join('');
