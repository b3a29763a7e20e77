import { PassThrough, Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { describe, expect, test } from '@jest/globals';
import { generateRows, writeCsv, writeNdjson, writeXlsx, type SampleRow } from '@ansinh/samples';
import type { FindingCode } from './finding-catalogue.js';
import { columnTitles, listColumns } from './list-columns.js';
import { readList, type ListFormat } from './list-reader.js';
import { checkRow, type CheckedRow } from './list-row.js';

const samples = [...generateRows({ rows: 2000, seed: 5, flawed: 0.2 })];

async function fileOf(write: (output: PassThrough) => Promise<void>): Promise<Buffer> {
  const output = new PassThrough();
  const [bytes] = await Promise.all([buffer(output), write(output)]);
  return bytes;
}

async function checkedRows(bytes: Buffer, format: ListFormat): Promise<CheckedRow[]> {
  const checked: CheckedRow[] = [];
  for await (const rows of readList(Readable.from([bytes]), format))
    checked.push(...rows.map((raw) => checkRow(raw)));
  return checked;
}

const files: Record<string, [ListFormat, (rows: SampleRow[], output: PassThrough) => Promise<void>]> = {
  CSV: ['csv', (rows, output) => writeCsv(rows, output)],
  'CSV of a Vietnamese Excel': [
    'csv',
    (rows, output) =>
      writeCsv(rows, output, {
        delimiter: ';',
        header: listColumns.map((column) => columnTitles[column].vi),
      }),
  ],
  NDJSON: ['ndjson', (rows, output) => writeNdjson(rows, output)],
  XLSX: ['xlsx', (rows, output) => writeXlsx(rows, output)],
  'XLSX with a table of strings': [
    'xlsx',
    (rows, output) => writeXlsx(rows, output, { sharedStrings: true }),
  ],
};

/** Flaws that show in the row itself; the others are conflicts with other rows, or with the bounds of the programme. */
const rowFlaws = new Set<FindingCode>([
  'MALFORMED_ROW',
  'MISSING_FIELD',
  'INVALID_CITIZEN_ID',
  'INVALID_AMOUNT',
  'INVALID_ACCOUNT',
  'UNKNOWN_BANK',
  'UNKNOWN_PLACE',
]);

describe.each(Object.entries(files))('a list as %s', (_, [format, write]) => {
  test('gives the fields that were written, and in each row the finding that was planted, and no other', async () => {
    const checked = await checkedRows(await fileOf((output) => write(samples, output)), format);
    expect(checked).toHaveLength(samples.length);
    checked.forEach(({ row, line, fields, findings }, index) => {
      const sample = samples[index]!;
      const planted = sample.flaw && rowFlaws.has(sample.flaw) ? [sample.flaw] : [];
      expect(findings.map((finding) => finding.code)).toEqual(planted);
      expect(row).toBe(index + 1);
      expect(line).toBe(format === 'ndjson' ? index + 1 : index + 2);
      if (planted.length > 0) return;
      expect(fields).toMatchObject({
        payeeId: sample.payeeId,
        payeeName: sample.payeeName,
        bankBin: sample.bankBin,
        account: sample.account,
        amount: BigInt(sample.amount),
        programmeCode: sample.programmeCode,
        policyCode: sample.policyCode,
        period: sample.period,
        placeCode: sample.placeCode,
        ordinal: Number(sample.ordinal || '1'),
        remittance: sample.remittance,
      });
    });
  });
});
