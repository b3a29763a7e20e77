import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { describe, expect, test } from '@jest/globals';
import { ZipFile } from 'yazl';
import { listColumns } from './list-columns.js';
import { ListError } from './list-error.js';
import { readList } from './list-reader.js';

const office = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const relations = (...of: [string, string][]) =>
  `<Relationships>${of.map(([type, target], at) => `<Relationship Id="r${at}" Type="${office}/${type}" Target="${target}"/>`).join('')}</Relationships>`;

const header = `<row>${listColumns.map((name) => `<c t="inlineStr"><is><t>${name}</t></is></c>`).join('')}</row>`;
const sheet = (rows: string) => `<worksheet><sheetData>${header}${rows}</sheetData></worksheet>`;

const parts = {
  '_rels/.rels': relations(['officeDocument', 'xl/book.xml']),
  'xl/_rels/book.xml.rels': relations(
    ['worksheet', 'sheet.xml'],
    ['sharedStrings', 'strings.xml'],
    ['styles', 'styles.xml'],
  ),
  'xl/book.xml': `<workbook xmlns:r="${office}"><sheets><sheet name="A" r:id="r0"/></sheets></workbook>`,
  'xl/sheet.xml': sheet('<row><c><v>1</v></c></row>'),
  'xl/strings.xml': '<sst/>',
  'xl/styles.xml': '<styleSheet/>',
};

/** A part as text, or as what is repeated between a beginning and an end, up to so many bytes. */
type Content = string | [string, string, string, number];

function* repeated([start, unit, end, bytes]: [string, string, string, number]): Generator<Buffer> {
  yield Buffer.from(start);
  const block = Buffer.from(unit.repeat(Math.ceil((1024 * 1024) / unit.length)));
  for (let written = 0; written < bytes; written += block.length) yield block;
  yield Buffer.from(end);
}

async function workbookOf(own: Partial<Record<keyof typeof parts, Content>>): Promise<Buffer> {
  const zip = new ZipFile();
  for (const [name, content] of Object.entries<Content>({ ...parts, ...own })) {
    if (typeof content === 'string') zip.addBuffer(Buffer.from(content), name);
    else zip.addReadStream(Readable.from(repeated(content)), name);
  }
  zip.end();
  return buffer(zip.outputStream as Readable);
}

async function refusalOf(bytes: Buffer): Promise<string> {
  try {
    for await (const rows of readList(Readable.from([bytes]), 'xlsx')) void rows;
    return 'read';
  } catch (error) {
    if (error instanceof ListError) return error.code;
    throw error;
  }
}

const megabyte = 1024 ** 2;

describe('what a workbook may cost', () => {
  test('the parts themselves are a list', async () =>
    expect(await refusalOf(await workbookOf({}))).toBe('read'));

  test.each<[string, string, Partial<Record<keyof typeof parts, Content>>]>([
    [
      'a sheet that shrank to a thousandth',
      'WORKBOOK_TOO_LARGE',
      {
        'xl/sheet.xml': [
          `<worksheet><sheetData>${header}`,
          '<row></row>',
          '</sheetData></worksheet>',
          70 * megabyte,
        ],
      },
    ],
    [
      'strings that shrank to a thousandth',
      'WORKBOOK_TOO_LARGE',
      { 'xl/strings.xml': ['<sst>', '<si/>', '</sst>', 70 * megabyte] },
    ],
    [
      'one string of any number of runs',
      'WORKBOOK_TOO_LARGE',
      { 'xl/strings.xml': ['<sst><si>', '<r><t>xxxxxxxxxx</t></r>', '</si></sst>', megabyte] },
    ],
    [
      'styles without end',
      'WORKBOOK_TOO_LARGE',
      { 'xl/styles.xml': ['<styleSheet><cellXfs>', '<xf/>', '</cellXfs></styleSheet>', 17 * megabyte] },
    ],
    [
      'sheets without end',
      'WORKBOOK_TOO_LARGE',
      { 'xl/book.xml': ['<workbook><sheets>', '<sheet/>', '</sheets></workbook>', 17 * megabyte] },
    ],
    [
      'elements in elements',
      'BROKEN_WORKBOOK',
      { 'xl/sheet.xml': sheet('<a>'.repeat(200) + '</a>'.repeat(200)) },
    ],
    [
      'a row whose every cell points at one long string',
      'LINE_TOO_LONG',
      {
        'xl/strings.xml': `<sst><si><t>${'x'.repeat(30_000)}</t></si></sst>`,
        'xl/sheet.xml': sheet(`<row>${'<c t="s"><v>0</v></c>'.repeat(16_000)}</row>`),
      },
    ],
  ])('%s: %s', async (_, code, own) => expect(await refusalOf(await workbookOf(own))).toBe(code), 120_000);
});
