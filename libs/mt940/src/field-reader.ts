import { isUtf8 } from 'node:buffer';
import { Mt940Error } from './mt940-error.js';

/** The bytes of a file, whole or as they arrive. */
export type Mt940Source =
  Uint8Array | string | Iterable<Uint8Array | string> | AsyncIterable<Uint8Array | string>;

/** One field: `:61:` has the tag `61`. Its lines are joined by `\n`. The end of a message is a field with the tag `-`. */
export interface Mt940Field {
  tag: string;
  text: string;
  line: number;
}

/** SWIFT allows 65 characters; banks write up to a few hundred. */
const lineBytesMax = 4 * 1024;
/** SWIFT allows six lines of information, and banks write some dozens. */
const fieldCharactersMax = 4 * 1024;

const fieldForm = /^:(\d{2}[A-Z]?|NS):/;
const newline = 0x0a;

/** The fields of a file, one array a piece of input: memory holds a piece and a field. @throws Mt940Error */
export async function* readFields(source: Mt940Source): AsyncGenerator<Mt940Field[]> {
  const fields = new FieldReader();
  for await (const piece of typeof source === 'string' || source instanceof Uint8Array ? [source] : source) {
    yield* fields.write(typeof piece === 'string' ? Buffer.from(piece) : piece);
  }
  yield* fields.end();
}

class FieldReader {
  private rest: Buffer<ArrayBufferLike> = Buffer.alloc(0);
  private lines = 0;
  private field: Mt940Field | null = null;
  private found: Mt940Field[] = [];

  /** What stands before a line that is refused is given first: its faults come before that one, wherever the file is cut. */
  *write(piece: Uint8Array): Generator<Mt940Field[]> {
    const bytes = this.rest.length > 0 ? Buffer.concat([this.rest, piece]) : Buffer.from(piece);
    const refusal = this.addLines(bytes);
    yield* this.take();
    if (refusal) throw refusal;
  }

  *end(): Generator<Mt940Field[]> {
    const refusal = this.rest.length > 0 ? this.addLine(this.rest) : null;
    if (!refusal) this.close();
    yield* this.take();
    if (refusal) throw refusal;
  }

  private *take(): Generator<Mt940Field[]> {
    const { found } = this;
    this.found = [];
    if (found.length > 0) yield found;
  }

  private addLines(bytes: Buffer): Mt940Error | null {
    let from = 0;
    for (let end = bytes.indexOf(newline); end !== -1; end = bytes.indexOf(newline, from)) {
      const refusal = this.addLine(bytes.subarray(from, end));
      if (refusal) return refusal;
      from = end + 1;
    }
    this.rest = bytes.subarray(from);
    return this.rest.length > lineBytesMax ? this.refusal('LIMIT_EXCEEDED', 'the line is too long', 1) : null;
  }

  private addLine(bytes: Buffer): Mt940Error | null {
    this.lines += 1;
    if (bytes.length > lineBytesMax) return this.refusal('LIMIT_EXCEEDED', 'the line is too long');
    const text = withoutEnvelope(textOf(bytes, this.lines === 1));
    if (/^-\}?($|\{5:)/.test(text)) this.addEnd();
    else if (fieldForm.test(text)) this.start(text);
    else if (this.field) return this.goOn(this.field, text);
    else if (text.trim() !== '') return this.refusal('UNSUPPORTED_MESSAGE', 'there is no field of MT940');
    return null;
  }

  private start(text: string): void {
    this.close();
    const [head, tag] = fieldForm.exec(text)!;
    this.field = { tag: tag!, text: text.slice(head.length), line: this.lines };
  }

  private goOn(field: Mt940Field, text: string): Mt940Error | null {
    field.text += `\n${text}`;
    if (field.text.length <= fieldCharactersMax) return null;
    return this.refusal('LIMIT_EXCEEDED', 'the field is too long');
  }

  private addEnd(): void {
    this.close();
    this.found.push({ tag: '-', text: '', line: this.lines });
  }

  private close(): void {
    if (this.field) this.found.push({ ...this.field, text: this.field.text.trimEnd() });
    this.field = null;
  }

  private refusal(code: Mt940Error['code'], message: string, ahead = 0): Mt940Error {
    return new Mt940Error(code, message, this.lines + ahead);
  }
}

/** SWIFT knows ASCII alone; what banks write beyond it is UTF-8, or else Latin-1, which every byte is. */
function textOf(bytes: Buffer, isFirst: boolean): string {
  const text = bytes.toString(isUtf8(bytes) ? 'utf8' : 'latin1').replace(/\r$/, '');
  return isFirst ? text.replace(/^\ufeff/, '') : text;
}

/** The blocks around the fields: `{1:…}{2:…}{4:` before them, `-}` after them. */
function withoutEnvelope(text: string): string {
  if (!text.startsWith('{')) return text;
  const start = text.indexOf('{4:');
  return start === -1 ? '' : text.slice(start + '{4:'.length);
}
