import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { buffer } from 'node:stream/consumers';
import PDFDocument from 'pdfkit';

/** Tinos has the measures of Times New Roman, in which state papers are set, and every Vietnamese letter. */
const require = createRequire(import.meta.url);
const regular = unshapedFont(require.resolve('@expo-google-fonts/tinos/400Regular/Tinos_400Regular.ttf'));
const bold = unshapedFont(require.resolve('@expo-google-fonts/tinos/700Bold/Tinos_700Bold.ttf'));

/**
 * A font without its tables of ligatures and kerning (OpenType: GSUB, GPOS, kern). Vietnamese letters are glyphs of their
 * own and need none, and following the tables took fifty seconds for a list of 5,000 people.
 */
function unshapedFont(file: string): Buffer {
  const font = readFileSync(file);
  const tables = font.readUInt16BE(4);
  for (let entry = 12; entry < 12 + 16 * tables; entry += 16) {
    const tag = font.toString('latin1', entry, entry + 4);
    // A table of a name that nobody knows is passed over.
    if (['GSUB', 'GPOS', 'kern'].includes(tag)) font.write('none', entry, 'latin1');
  }
  return font;
}

export interface Style {
  size: number;
  font?: 'regular' | 'bold';
  align?: 'left' | 'center' | 'right';
  /** Of the box in whose middle the text stands; without one it is one line. */
  height?: number;
}

/** A cell of a table. */
export interface Cell {
  text: string;
  width: number;
  align?: Style['align'];
}

/** Points: smaller letters cannot be read. */
const smallest = 4;

interface PaperOptions {
  /** Points; 842 by 595 is A4 across. */
  width: number;
  height: number;
  title: string;
  /** The same paper is the same file: nothing in it depends on when it is fetched. */
  createdOn: string;
  /** Stands at the foot of each page, with its number beside it; without one neither does. */
  foot?: string;
}

/** A state paper as PDF: the two fonts, and text that is never cut off. */
export class Paper {
  readonly document: PDFKit.PDFDocument;
  private readonly written: Promise<Buffer>;

  constructor(private readonly options: PaperOptions) {
    const { width, height, title, createdOn, foot } = options;
    this.document = new PDFDocument({
      size: [width, height],
      margin: 0,
      autoFirstPage: false,
      // Of how many pages each is one is known with the last.
      bufferPages: foot !== undefined,
      lang: 'vi-VN',
      displayTitle: true,
      info: { Title: title, CreationDate: new Date(`${createdOn}T00:00:00Z`) },
    });
    this.document.registerFont('regular', regular);
    this.document.registerFont('bold', bold);
    this.written = buffer(this.document as unknown as NodeJS.ReadableStream);
  }

  /** The whole file. */
  async finish(): Promise<Uint8Array> {
    if (this.options.foot !== undefined) this.writeFeet(this.options.foot);
    this.document.end();
    return this.written;
  }

  private writeFeet(foot: string): void {
    const { width, height } = this.options;
    const { count } = this.document.bufferedPageRange();
    for (let page = 0; page < count; page += 1) {
      this.document.switchToPage(page);
      this.put(foot, 42, height - 30, width - 84, { size: 9, align: 'left' });
      this.put(`Trang ${page + 1}/${count}`, 42, height - 30, width - 84, { size: 9, align: 'right' });
    }
  }

  /** Text within a box. It is written smaller, then on several lines, until it fits: a name is never cut off. */
  put(text: string, x: number, y: number, width: number, style: Style): void {
    const { font = 'regular', align = 'center', height } = style;
    this.document.font(font);
    const { size, lines } = this.fit(text, width, style);
    const lineHeight = size * 1.15;
    const top = height === undefined ? y : y + (height - lines.length * lineHeight) / 2;
    lines.forEach((line, index) => {
      const free = width - this.document.widthOfString(line);
      const indent = { left: 0, center: free / 2, right: free }[align];
      this.document.text(line, x + indent, top + index * lineHeight, { lineBreak: false });
    });
  }

  /** Cells beside one another, each in a frame. Returns the y below them. */
  row(cells: readonly Cell[], x: number, y: number, style: Style & { height: number }): number {
    const { height } = style;
    let left = x;
    this.document.lineWidth(0.5);
    for (const { text, width, align } of cells) {
      this.document.rect(left, y, width, height);
      if (text !== '')
        this.put(text, left + 3, y, width - 6, align === undefined ? style : { ...style, align });
      left += width;
    }
    this.document.stroke();
    return y + height;
  }

  private fit(text: string, width: number, { size, height }: Style): { size: number; lines: string[] } {
    for (let tried = size; ; tried -= 1) {
      this.document.fontSize(tried);
      const linesMax = height === undefined ? 1 : Math.max(1, Math.floor((height - 2) / (tried * 1.15)));
      const lines = this.wrap(text, width);
      if (lines.length <= linesMax || tried <= smallest) return { size: tried, lines };
    }
  }

  /** By words; a word that is wider than the box by letters. */
  private wrap(text: string, width: number): string[] {
    const { document } = this;
    if (document.widthOfString(text) <= width) return [text];
    const lines: string[] = [];
    let line = '';
    for (const word of text.split(' ').flatMap((whole) => this.pieces(whole, width))) {
      const longer = line === '' ? word : `${line} ${word}`;
      if (document.widthOfString(longer) <= width) line = longer;
      else {
        lines.push(line);
        line = word;
      }
    }
    return [...lines, line];
  }

  private pieces(word: string, width: number): string[] {
    if (this.document.widthOfString(word) <= width) return [word];
    const pieces = [''];
    for (const letter of word) {
      const longer = pieces.at(-1)! + letter;
      if (pieces.at(-1) !== '' && this.document.widthOfString(longer) > width) pieces.push(letter);
      else pieces[pieces.length - 1] = longer;
    }
    return pieces;
  }

  /** The lines that a paragraph takes, for who begins a page between two of them. */
  lines(text: string, width: number, { font = 'regular', size }: Style): string[] {
    this.document.font(font).fontSize(size);
    return this.wrap(text, width);
  }

  /** A paragraph over as many lines as it takes. Returns the y below it. */
  write(text: string, x: number, y: number, width: number, { font = 'regular', size }: Style): number {
    const lines = this.lines(text, width, { font, size });
    lines.forEach((line, index) => this.document.text(line, x, y + index * size * 1.3, { lineBreak: false }));
    return y + lines.length * size * 1.3;
  }
}
