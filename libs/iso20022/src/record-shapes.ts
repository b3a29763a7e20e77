import type { Attributes, ElementNode } from './element-reader.js';

/** One opening or closing of an element that a rule speaks of, as the parser told it. */
interface Step {
  kind: 'open' | 'close';
  node: ElementNode;
  attributes: Attributes;
  /** Which of the texts stood right before the closing tag; -1: none. */
  text: number;
}

/**
 * Letters and tags of a record, with gaps where texts of elements stood: `marks[0] text[0] marks[1] text[1] …`.
 */
interface Shape {
  marks: string[];
  steps: Step[];
}

/** Longest text that a rule reads; the standard's longest is 2,000. */
export const textLengthMax = 4_096;

/** Payments differ in what they leave out; with more shapes than these, parsing costs less than comparing. */
const shapesMax = 4;
const tokens = /<[^>]*>|[^<]+/g;
/** References, the end of a CDATA section, and characters that XML has not: only the parser may judge them. */
const notPlain = /[&>\u0000-\u0008\u000b-\u001f\ufffe\uffff]|\p{Cs}/u;

/**
 * Records that are written letter for letter like an earlier one, but for the texts in them. A notice tells thousands of
 * payments in one shape; the parser has understood the first, and what it told of it holds for each that follows, with
 * other texts. That is five times faster than parsing, and nothing is read in another way: a record that differs in a
 * single mark, or has anything in a text but plain characters, goes to the parser.
 */
export class RecordShapes {
  private readonly shapes: Shape[] = [];
  private steps: Step[] | null = null;

  /** From here on the parser reads one record, and what stands between the one before and it. */
  begin(): void {
    this.steps = [];
  }

  opened(node: ElementNode, attributes: Attributes): void {
    this.steps?.push({ kind: 'open', node, attributes, text: -1 });
  }

  closed(node: ElementNode, attributes: Attributes): void {
    this.steps?.push({ kind: 'close', node, attributes, text: -1 });
  }

  /** Ends without a shape: it was not one record. */
  forget(): void {
    this.steps = null;
  }

  /** Ends with the shape of `record`, where it has one. */
  note(record: string): void {
    const shape = shapeOf(record, this.steps ?? []);
    this.steps = null;
    if (!shape) return;
    this.shapes.unshift(shape);
    this.shapes.length = Math.min(this.shapes.length, shapesMax);
  }

  /** Tells all records at the beginning of `text` whose shape is known. @returns how much of the text they are */
  replay(text: string): number {
    let used = 0;
    for (;;) {
      const from = used;
      for (const shape of this.shapes) {
        used = replayOne(shape, text, from);
        if (used > from) break;
      }
      if (used === from) return used;
    }
  }
}

/** @returns where the record ends; `from` where it is not of this shape, or not whole yet */
function replayOne({ marks, steps }: Shape, text: string, from: number): number {
  const texts: string[] = [];
  let at = from;
  for (const mark of marks) {
    if (at > from) {
      const end = text.indexOf('<', at);
      if (end === -1) return from;
      texts.push(text.slice(at, end));
      at = end;
    }
    if (!text.startsWith(mark, at)) return from;
    at += mark.length;
  }
  if (texts.some((value) => !isPlain(value))) return from;
  for (const { kind, node, attributes, text: index } of steps) {
    if (kind === 'open') node.enter?.(attributes);
    else {
      node.text?.(index === -1 ? '' : texts[index]!.trim(), attributes);
      node.leave?.();
    }
  }
  return at;
}

function isPlain(text: string): boolean {
  return text.length <= textLengthMax && text.trim() !== '' && !notPlain.test(text);
}

/** A tag with half a quotation in it: `>` stood in the value of an attribute. */
function isCutTag(token: string): boolean {
  return /["']/.test(token) && token.split(/["']/).length % 2 === 0;
}

/** Null for a record with comments, sections, instructions, or text beside elements. */
function shapeOf(record: string, told: Step[]): Shape | null {
  if (/<[!?]/.test(record) || record.includes('&')) return null;
  const marks = [''];
  const steps = told.map((step) => ({ ...step }));
  let next = 0;
  let texts = 0;
  let isInLeaf = false;
  let hasText = false;
  for (const [token] of record.matchAll(tokens)) {
    if (!token.startsWith('<')) {
      if (token.trim() === '') marks[marks.length - 1] += token;
      else if (!isInLeaf) return null;
      else {
        marks.push('');
        hasText = true;
      }
      continue;
    }
    if (isCutTag(token)) return null;
    marks[marks.length - 1] += token;
    if (token.startsWith('</')) {
      if (hasText && !isInLeaf) return null;
      if (hasText) steps[next]!.text = texts++;
      next += 1;
      isInLeaf = false;
    } else {
      // Text that an element follows is mixed content.
      if (hasText) return null;
      next += token.endsWith('/>') ? 2 : 1;
      isInLeaf = !token.endsWith('/>');
    }
    hasText = false;
  }
  return next === steps.length ? { marks, steps } : null;
}
