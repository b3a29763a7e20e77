import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { ZipFile } from 'yazl';
import { listColumns } from './list-columns.js';
import { ListError } from './list-error.js';
import { type ListFormat, readList } from './list-reader.js';
import { type CheckedRow, checkRow } from './list-row.js';
import type { RawRow } from './raw-row.js';

/** Lists made for each format: 10,500 altogether. A failure prints its seed and path, with which fast-check replays it. */
const runs = { csv: 6_000, ndjson: 3_500, xlsx: 1_000 };

/** Written apart from the product: what an amount may look like, and nothing else may. */
const strictAmount = /^[1-9][0-9]{0,14}$/;
const amountIndex = listColumns.indexOf('amount');

const goodRow = fc
  .record({ id: fc.integer({ min: 0, max: 99_999 }), amount: fc.integer({ min: 1 }) })
  .map(({ id, amount }) => [
    `0272010${String(id).padStart(5, '0')}`,
    ...['Nguyễn Thị Hoà', '970405', `26002${String(id).padStart(8, '0')}`, String(amount)],
    ...['NQ68', 'CS04', '2022-03', '09163', '1', 'Hỗ trợ'],
  ]);

/** What stands in cells that it should not: signs, exponents, separators, other digits, invisible and broken letters. */
const badCell = fc.oneof(
  fc.constantFrom(
    ...['-5', '+5', '1e6', '1E+6', '1.500.000', '1,500,000', '1 500 000', '1\u00a0500', '1500.5', '1500,00'],
    ...['１５００', '١٥٠٠', '15\u200b00', '\u200e1500', '1500\u202e', '\ufeff1500', '0x10', '015', '0', '²'],
    ...['NaN', 'Infinity', 'null', '=1+1', '1\u00005', '\ud8001', '9'.repeat(16), '9'.repeat(400), ''],
    ...['"', '"1', '1"', '""', 'a\nb', '\r', 'Nguyễn'.normalize('NFD'), 'x'.repeat(5_000)],
  ),
  fc.string({ unit: 'binary', maxLength: 20 }),
);

const listOfCells = fc
  .record({
    rows: fc.array(goodRow, { minLength: 1, maxLength: 5 }),
    bad: fc.array(fc.tuple(fc.nat(4), fc.nat(listColumns.length - 1), badCell), { maxLength: 4 }),
    isHeaderTwice: fc.boolean(),
  })
  .map(({ rows, bad, isHeaderTwice }) => {
    const cells = rows.map((row) => [...row]);
    for (const [row, column, cell] of bad) cells[row % cells.length]![column] = cell;
    if (isHeaderTwice) cells.push([...listColumns]);
    return cells;
  });

type Mutation = (bytes: Buffer) => Buffer;

/** Damage to the bytes of a whole file. */
const mutation: fc.Arbitrary<Mutation> = fc.oneof(
  fc.constant<Mutation>((bytes) => bytes),
  fc.nat(10_000).map<Mutation>((at) => (bytes) => bytes.subarray(0, at % (bytes.length + 1))),
  fc
    .array(fc.tuple(fc.nat(10_000), fc.nat(7)), { minLength: 1, maxLength: 4 })
    .map<Mutation>((flips) => (bytes) => {
      const flipped = Buffer.from(bytes);
      for (const [at, bit] of flips) flipped[at % flipped.length]! ^= 1 << bit;
      return flipped;
    }),
  fc
    .tuple(fc.nat(10_000), fc.uint8Array({ minLength: 1, maxLength: 8 }))
    .map<Mutation>(([at, more]) => (bytes) => {
      const place = at % bytes.length;
      return Buffer.concat([bytes.subarray(0, place), more, bytes.subarray(place)]);
    }),
  fc.constantFrom<Mutation>(
    (bytes) => Buffer.concat([Buffer.from('\ufeff'), bytes]),
    (bytes) => Buffer.concat([Buffer.from([0xff, 0xfe]), bytes]),
    (bytes) => Buffer.concat([Buffer.from([0xfe, 0xff]), bytes]),
    (bytes) => Buffer.from(`\ufeff${bytes.toString()}`, 'utf16le'),
    (bytes) => Buffer.from(bytes.toString(), 'latin1'),
    (bytes) => Buffer.concat([bytes, bytes]),
    (bytes) => Buffer.from(bytes.toString().replaceAll(',', ';')),
    (bytes) => Buffer.from(bytes.toString().replace(',', '\t')),
    (bytes) => Buffer.from(bytes.toString().normalize('NFD')),
  ),
);

const csvOf = (cells: string[][]) =>
  Buffer.from([listColumns, ...cells].map((row) => row.join(',')).join('\n'));
const ndjsonOf = (cells: string[][]) =>
  Buffer.from(
    cells
      .map((row) => JSON.stringify(Object.fromEntries(row.map((cell, at) => [listColumns[at], cell]))))
      .join('\n'),
  );

function xlsxOf(cells: string[][]): Promise<Buffer> {
  const office = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
  const relation = (type: string, target: string) =>
    `<Relationships><Relationship Id="r1" Type="${office}/${type}" Target="${target}"/></Relationships>`;
  // Cells as they come: what XML cannot hold makes the part malformed, which is one of the cases.
  const rows = [listColumns, ...cells].map(
    (row) => `<row>${row.map((cell) => `<c t="inlineStr"><is><t>${cell}</t></is></c>`).join('')}</row>`,
  );
  const zip = new ZipFile();
  const parts = {
    '_rels/.rels': relation('officeDocument', 'xl/book.xml'),
    'xl/_rels/book.xml.rels': relation('worksheet', 'sheet.xml'),
    'xl/book.xml': `<workbook xmlns:r="${office}"><sheets><sheet name="A" r:id="r1"/></sheets></workbook>`,
    'xl/sheet.xml': `<worksheet><sheetData>${rows.join('')}</sheetData></worksheet>`,
  };
  for (const [name, text] of Object.entries(parts)) zip.addBuffer(Buffer.from(text), name);
  zip.end();
  return buffer(zip.outputStream as Readable);
}

/** The rows, or the refusal. Anything else that is thrown fails the property. */
async function readAll(bytes: Buffer, format: ListFormat): Promise<RawRow[] | ListError> {
  const rows: RawRow[] = [];
  try {
    for await (const some of readList(Readable.from([bytes]), format)) rows.push(...some);
    return rows;
  } catch (error) {
    if (error instanceof ListError) return error;
    throw error;
  }
}

/** A row is taken whole with its amount exactly as written, or it has a finding and what it said is kept. */
function expectAccounted(raw: RawRow, { row, fields, findings, original }: CheckedRow): void {
  expect(row).toBe(raw.row);
  const cell = raw.cells[amountIndex]!.trim();
  const amount = raw.problem || !strictAmount.test(cell) ? null : BigInt(cell);
  expect(fields.amount).toBe(amount);
  const { remittance: _, ...needed } = fields;
  if (Object.values(needed).includes(null)) {
    expect(findings.length).toBeGreaterThan(0);
    expect(original).not.toBeNull();
  }
}

async function expectBounded(bytes: Buffer, format: ListFormat): Promise<RawRow[] | ListError> {
  const read = await readAll(bytes, format);
  if (read instanceof ListError) {
    expect(read.text).toEqual({ vi: expect.stringMatching(/\p{L}/u), en: expect.stringMatching(/\p{L}/u) });
    return read;
  }
  expect(read.map(({ row }) => row)).toEqual(read.map((_, index) => index + 1));
  for (const raw of read) expectAccounted(raw, checkRow(raw));
  return read;
}

/** Without quotes a row is a line: none may be missing that holds more than separators. */
const lineCount = (bytes: Buffer, isBlank: (line: string) => boolean) =>
  bytes
    .toString()
    .split(/\r\n|\r|\n/)
    .filter((line) => !isBlank(line)).length;

test(`${runs.csv} malformed CSV lists: each row accounted for, or the list refused`, async () => {
  await fc.assert(
    fc.asyncProperty(listOfCells, mutation, async (cells, mutate) => {
      const bytes = mutate(csvOf(cells));
      const read = await expectBounded(bytes, 'csv');
      const text = bytes.toString();
      const isPlain = text.startsWith(listColumns.join(',')) && !text.includes('"');
      if (read instanceof ListError || !isPlain) return;
      expect(read).toHaveLength(
        lineCount(bytes, (line) => line.split(',').every((cell) => cell.trim() === '')) - 1,
      );
    }),
    { numRuns: runs.csv },
  );
});

test(`${runs.ndjson} malformed NDJSON lists: each line accounted for, or the list refused`, async () => {
  await fc.assert(
    fc.asyncProperty(listOfCells, mutation, async (cells, mutate) => {
      const bytes = mutate(ndjsonOf(cells));
      const read = await expectBounded(bytes, 'ndjson');
      if (read instanceof ListError || (bytes[0] === 0xff && bytes[1] === 0xfe)) return;
      expect(read).toHaveLength(lineCount(bytes, (line) => line.replace(/^\ufeff/, '').trim() === ''));
    }),
    { numRuns: runs.ndjson },
  );
});

test(`${runs.xlsx} malformed workbooks: each row accounted for, or the list refused`, async () => {
  await fc.assert(
    fc.asyncProperty(listOfCells, mutation, async (cells, mutate) => {
      await expectBounded(mutate(await xlsxOf(cells)), 'xlsx');
    }),
    { numRuns: runs.xlsx },
  );
});
