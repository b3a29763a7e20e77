import { Readable } from 'node:stream';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { listColumns } from './list-columns.js';
import { countRows, firstRowOf, type ListPart, packRows, rowsOf, splitPart } from './list-part.js';
import { readList } from './list-reader.js';
import type { RawRow } from './raw-row.js';

const header = listColumns.join(',');
const plainLine = (row: number) =>
  `0272${row},Nguyễn Văn Ắn,970422,1,1000000,NQ68,QD1,2022-03,09511,1,Hỗ trợ`;

async function partsOf(text: string, pieceLength: number): Promise<ListPart[]> {
  const bytes = Buffer.from(text);
  const pieces = Array.from({ length: Math.ceil(bytes.length / pieceLength) }, (_, index) =>
    bytes.subarray(index * pieceLength, (index + 1) * pieceLength),
  );
  const parts: ListPart[] = [];
  for await (const part of readList(Readable.from(pieces), 'csv').parts()) parts.push(part);
  return parts;
}

const rowsIn = (parts: ListPart[]): RawRow[] => parts.flatMap((part) => [...rowsOf(part)]);

const withRemittance = (row: number, remittance: string) => plainLine(row).replace(/[^,]*$/, remittance);

/** Lines of all kinds: whole rows, too few and too many cells, quotes that close, that do not, and stray ones; empty ones. */
const anyLine = fc.oneof(
  { weight: 6, arbitrary: fc.nat(99).map(plainLine) },
  { weight: 2, arbitrary: fc.constant(withRemittance(7, '"Hỗ trợ, 2 con"')) },
  fc.constantFrom('', ' ', ',,,,,,,,,,', 'a', `${plainLine(8)},more`),
  fc.constantFrom('a "b" c', 'a"b', '"Hỗ trợ', 'kỳ 3"').map((text) => withRemittance(9, text)),
);
const anyList = fc.record({
  lines: fc.array(anyLine, { minLength: 1, maxLength: 40 }),
  lineEnd: fc.constantFrom('\n', '\r\n', '\r'),
  pieceLength: fc.constantFrom(7, 64, 1_000),
});

const unpadded = (text: string) => text.replaceAll(/^ /gm, '');
const withoutPadding = (row: RawRow): RawRow => ({
  ...row,
  cells: row.cells.map((cell) => cell.replace(/^ /, '')),
  text: row.text === null ? null : unpadded(row.text),
});

describe('the parts of a list', () => {
  test('are cut only where they are wanted: whole lines stay one text', async () => {
    const text = [header, ...Array.from({ length: 200 }, (_, index) => plainLine(index))].join('\n');
    const parts = await partsOf(text, 1_000);
    const uncut = parts.filter((part) => !Array.isArray(part));
    expect(uncut.length).toBeGreaterThan(10);
    expect(parts.reduce((sum, part) => sum + countRows(part), 0)).toBe(200);
  });

  test('hold the rows that a reading line by line finds, with the same numbers and problems', async () => {
    await fc.assert(
      fc.asyncProperty(anyList, async ({ lines, lineEnd, pieceLength }) => {
        const text = [header, plainLine(1), ...lines].join(lineEnd);
        // A line that begins with a space is read on its own.
        const padded = lines.map((line) => (line.trim() === '' ? line : ` ${line}`));
        const other = [header, ` ${plainLine(1)}`, ...padded].join(lineEnd);
        const seen = rowsIn(await partsOf(text, pieceLength));
        const expected = rowsIn(await partsOf(other, pieceLength));
        expect(seen).toEqual(expected.map(withoutPadding));
      }),
    );
  });

  test('split anywhere and put together are the same rows', async () => {
    await fc.assert(
      fc.asyncProperty(anyList, fc.nat(50), async ({ lines, lineEnd, pieceLength }, at) => {
        for (const part of await partsOf([header, plainLine(1), ...lines].join(lineEnd), pieceLength)) {
          const count = Math.min(1 + at, countRows(part));
          const [head, tail] = splitPart(part, count);
          expect([countRows(head), countRows(tail)]).toEqual([count, countRows(part) - count]);
          expect([...rowsOf(head), ...rowsOf(tail)]).toEqual([...rowsOf(part)]);
          if (countRows(tail) > 0) expect(firstRowOf(tail)).toBe(firstRowOf(part)! + count);
        }
      }),
    );
  });

  test('packed rows come out as they went in; what cannot be packed stays', async () => {
    const read = rowsIn(await partsOf([header, plainLine(1), 'a', plainLine(2)].join('\n'), 1_000));
    expect(packRows(read)).toBe(read);
    const whole = [read[0]!];
    const packed = packRows(whole);
    expect(Array.isArray(packed)).toBe(false);
    expect([...rowsOf(packed)]).toEqual(whole);
    const withSign = [{ ...read[0]!, cells: ['\u001f', ...read[0]!.cells.slice(1)] }];
    expect(packRows(withSign)).toBe(withSign);
  });
});
