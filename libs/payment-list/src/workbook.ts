import { mkdtemp, open, rm, type FileHandle } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, posix } from 'node:path';
import type { Readable } from 'node:stream';
import yauzl, { type Entry, type ZipFile } from 'yauzl';
import { ListError } from './list-error.js';
import { LINE_LENGTH_MAX } from './text-lines.js';
import { NumberStyles, unescapeText } from './workbook-cell.js';
import { WorkbookStrings } from './workbook-strings.js';
import { parseWholeXml } from './workbook-xml.js';

/** A workbook of one list has a dozen parts. */
const PARTS_MAX = 10_000;

const macroForm = /(^|\/)(vbaProject\w*\.bin|macrosheets\/)/i;

/** A full sheet of a million rows is one of these gigabytes; an archive can claim any number of them. */
const PART_BYTES_MAX = 4 * 1024 ** 3;

/** What Excel writes shrinks to a tenth or a fiftieth; a part made to cost more than it weighs, to a thousandth. */
const RATIO_MAX = 250;
/** Below it no ratio is harmful. */
const RATIO_BYTES_MIN = 64 * 1024 ** 2;

/** Everything but the sheet and its strings: relations, the names of sheets, styles. */
const SMALL_PART_BYTES_MAX = 16 * 1024 ** 2;

/**
 * Writes a stream into a temporary file that has no name any more: the parts of a workbook lie in no fixed order, so it
 * cannot be read as it comes, and the people in it must not stay on the disk, whatever happens to the process.
 */
export async function spool(source: Readable): Promise<FileHandle> {
  const directory = await mkdtemp(join(tmpdir(), 'ansinh-list-'));
  try {
    const file = await open(join(directory, 'list.xlsx'), 'wx+', 0o600);
    try {
      await rm(directory, { recursive: true });
      await file.writeFile(source);
      return file;
    } catch (error) {
      await file.close();
      throw error;
    }
  } catch (error) {
    await rm(directory, { recursive: true, force: true });
    throw error;
  }
}

/** The parts of an .xlsx file by their names. */
export class Workbook {
  private constructor(
    private readonly zip: ZipFile,
    private readonly parts: Map<string, Entry>,
  ) {}

  /** Throws ListError NOT_A_WORKBOOK when the file is no archive, or not one of a workbook; WORKBOOK_WITH_MACROS. */
  static async open(file: FileHandle): Promise<Workbook> {
    const zip = await yauzl.fromFdPromise(file.fd, { autoClose: false }).catch((error: unknown) => {
      throw new ListError('NOT_A_WORKBOOK', {}, { cause: error });
    });
    const parts = new Map<string, Entry>();
    try {
      for await (const entry of zip.eachEntry()) {
        if (parts.size >= PARTS_MAX) throw new ListError('WORKBOOK_TOO_LARGE');
        // A program in a list is never run here, but whoever gets the list back with remarks would run it.
        if (macroForm.test(entry.fileName)) throw new ListError('WORKBOOK_WITH_MACROS');
        parts.set(entry.fileName, entry);
      }
    } catch (error) {
      throw error instanceof ListError ? error : new ListError('NOT_A_WORKBOOK', {}, { cause: error });
    }
    return new Workbook(zip, parts);
  }

  /** Null when the workbook has no such part. */
  async part(name: string, bytesMax = PART_BYTES_MAX): Promise<Readable | null> {
    const entry = this.parts.get(name);
    if (!entry) return null;
    const { compressedSize, uncompressedSize } = entry;
    const isBomb = uncompressedSize > RATIO_BYTES_MIN && uncompressedSize > compressedSize * RATIO_MAX;
    if (uncompressedSize > bytesMax || isBomb) throw new ListError('WORKBOOK_TOO_LARGE');
    return this.zip.openReadStreamPromise(entry).catch((error: unknown) => {
      throw new ListError('BROKEN_WORKBOOK', {}, { cause: error });
    });
  }

  /** Reads the table of strings, the number styles and what sheets there are. */
  async readContents(): Promise<WorkbookContents> {
    const relations = await this.relationsOf('');
    const main = findRelation(relations, 'officeDocument');
    if (!main) throw new ListError('NOT_A_WORKBOOK');
    const own = await this.relationsOf(main.target);
    const book = await this.readBook(main.target);
    const visible = book.sheets.filter((sheet) => !sheet.isHidden);
    const [first, ...others] = visible;
    const sheetPart = own.find((relation) => relation.id === first?.relationId)?.target;
    if (!first || !sheetPart) throw new ListError('BROKEN_WORKBOOK');
    return {
      sheetPart,
      otherSheets: others.map((sheet) => sheet.name),
      hasEpoch1904: book.hasEpoch1904,
      strings: await this.readStrings(findRelation(own, 'sharedStrings')?.target),
      styles: await this.readStyles(findRelation(own, 'styles')?.target),
    };
  }

  private async relationsOf(part: string): Promise<Relation[]> {
    const folder = posix.dirname(part);
    const name = posix.join(folder, '_rels', `${posix.basename(part)}.rels`);
    const stream = await this.part(name, SMALL_PART_BYTES_MAX);
    const relations: Relation[] = [];
    if (!stream) return relations;
    await parseWholeXml(stream, {
      open: (name, { Id = '', Type = '', Target = '' }) => {
        if (name !== 'Relationship') return;
        const target = Target.startsWith('/') ? Target.slice(1) : posix.join(folder, Target);
        relations.push({ id: Id, type: Type.slice(Type.lastIndexOf('/') + 1), target });
      },
    });
    return relations;
  }

  private async readBook(part: string): Promise<{ sheets: Sheet[]; hasEpoch1904: boolean }> {
    const stream = await this.part(part, SMALL_PART_BYTES_MAX);
    if (!stream) throw new ListError('BROKEN_WORKBOOK');
    const sheets: Sheet[] = [];
    let hasEpoch1904 = false;
    await parseWholeXml(stream, {
      open: (name, attributes) => {
        if (name === 'workbookPr') hasEpoch1904 = ['1', 'true'].includes(attributes.date1904 ?? '');
        if (name !== 'sheet') return;
        const relationId = Object.entries(attributes).find(([key]) => key.endsWith(':id'))?.[1] ?? '';
        const isHidden = attributes.state !== undefined && attributes.state !== 'visible';
        sheets.push({ name: attributes.name ?? '', relationId, isHidden });
      },
    });
    return { sheets, hasEpoch1904 };
  }

  private async readStrings(part: string | undefined): Promise<WorkbookStrings> {
    const strings = new WorkbookStrings();
    const stream = part === undefined ? null : await this.part(part);
    if (!stream) return strings;
    let text = '';
    let isCollecting = false;
    let isPhonetic = false;
    await parseWholeXml(stream, {
      open: (name) => {
        if (name === 'si') text = '';
        else if (name === 'rPh') isPhonetic = true;
        else if (name === 't') isCollecting = !isPhonetic;
      },
      close: (name) => {
        if (name === 'si') strings.add(unescapeText(text));
        else if (name === 'rPh') isPhonetic = false;
        else if (name === 't') isCollecting = false;
      },
      text: (piece) => {
        if (!isCollecting) return;
        text += piece;
        // One string may be made of any number of runs, each with its own tags.
        if (text.length > LINE_LENGTH_MAX) throw new ListError('WORKBOOK_TOO_LARGE');
      },
    });
    return strings;
  }

  private async readStyles(part: string | undefined): Promise<NumberStyles> {
    const styles = new NumberStyles();
    const stream = part === undefined ? null : await this.part(part, SMALL_PART_BYTES_MAX);
    if (stream) await parseWholeXml(stream, styles.handler);
    return styles;
  }
}

export interface WorkbookContents {
  /** The part with the first sheet that is not hidden. */
  sheetPart: string;
  otherSheets: string[];
  hasEpoch1904: boolean;
  strings: WorkbookStrings;
  styles: NumberStyles;
}

interface Relation {
  id: string;
  /** The last word of the type: `worksheet`, `sharedStrings`, `styles`. */
  type: string;
  target: string;
}

interface Sheet {
  name: string;
  relationId: string;
  isHidden: boolean;
}

function findRelation(relations: Relation[], type: string): Relation | undefined {
  return relations.find((relation) => relation.type === type);
}
