import { SaxesParser } from 'saxes';
import { Iso20022Error } from './iso20022-error.js';
import { RecordShapes, textLengthMax } from './record-shapes.js';

/** The bytes of a message, whole or as they arrive. A piece has been read when the next one is asked for. */
export type XmlSource =
  Uint8Array | string | Iterable<Uint8Array | string> | AsyncIterable<Uint8Array | string>;

export type Attributes = Record<string, string>;

/** What to do at the elements of one path. `text` gets the element's own text, trimmed, at its end. */
export interface Rule {
  /** The element comes by the thousand and in one shape: see `record-shapes.ts`. */
  isRecord?: true;
  enter?: (attributes: Attributes) => void;
  text?: (text: string, attributes: Attributes) => void;
  leave?: () => void;
}

export interface ElementNode extends Rule {
  readonly children: Map<string, ElementNode>;
}

/** Elements deeper than any message of ISO 20022 has. */
const depthMax = 40;
/** Characters without the end of an element: a text, comment or attribute that would fill the memory. */
const silenceMax = 1024 * 1024;
const sliceBytes = 64 * 1024;
/** A longer beginning of a record is not waited for but parsed. */
const recordLengthMax = 16 * 1024;

const ignored: ElementNode = { children: new Map() };

/** A reader of elements by their path from `Document`, e.g. `CstmrCdtTrfInitn/GrpHdr/MsgId`, without prefixes. */
export class ElementTree {
  readonly root: ElementNode = { children: new Map() };

  on(path: string, rule: Rule | ((text: string, attributes: Attributes) => void)): this {
    let node = this.root;
    for (const name of path === '' ? [] : path.split('/')) {
      let child = node.children.get(name);
      if (!child) node.children.set(name, (child = { children: new Map() }));
      node = child;
    }
    Object.assign(node, typeof rule === 'function' ? { text: rule } : rule);
    return this;
  }
}

/**
 * Reads a message as a stream: `describe` says what to emit at which element, and the events of each piece of input
 * come out as one array, so that memory holds a piece and not the message.
 * @throws Iso20022Error for anything that is not the message asked for
 */
export async function* readElements<Event>(
  source: XmlSource,
  describe: (tree: ElementTree, emit: (event: Event) => void) => void,
): AsyncGenerator<Event[]> {
  let events: Event[] = [];
  const tree = new ElementTree();
  describe(tree, (event) => events.push(event));
  const walker = new Walker(tree);
  for await (const slice of slicesOf(source)) {
    walker.write(slice);
    if (events.length === 0) continue;
    yield events;
    events = [];
  }
  walker.end();
  if (events.length > 0) yield events;
}

/** Text in slices of at most 64 KiB. Bytes that are not UTF-8 are refused, never replaced. */
async function* slicesOf(source: XmlSource): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  const decode = (bytes?: Uint8Array) => {
    try {
      return bytes ? decoder.decode(bytes, { stream: true }) : decoder.decode();
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'ERR_ENCODING_INVALID_ENCODED_DATA')
        throw new Iso20022Error('MALFORMED_XML', 'is not in UTF-8');
      throw error;
    }
  };
  for await (const piece of typeof source === 'string' || source instanceof Uint8Array ? [source] : source) {
    const bytes = typeof piece === 'string' ? Buffer.from(piece) : piece;
    for (let from = 0; from < bytes.length; from += sliceBytes)
      yield decode(bytes.subarray(from, from + sliceBytes));
  }
  yield decode();
}

/** Follows the parser through the tree. Elements that no rule speaks of cost a look-up and nothing more. */
class Walker {
  private readonly parser = new SaxesParser({ xmlns: false });
  private readonly nodes: ElementNode[] = [];
  private readonly attributes: Attributes[] = [];
  private readonly records = new RecordShapes();
  private text = '';
  private silence = 0;
  /** What was written in vain so far: the beginning of a record whose end is still to come. */
  private rest = '';
  /** `</…>` of the records, once the first has been seen. */
  private recordEnd = '';
  private isAfterRecord = false;

  constructor(private readonly tree: ElementTree) {
    this.parser.on('error', (error) => {
      throw new Iso20022Error('MALFORMED_XML', error.message);
    });
    this.parser.on('doctype', () => {
      throw new Iso20022Error('DOCTYPE_REFUSED', 'a document type declaration is not accepted');
    });
    this.parser.on('xmldecl', ({ encoding }) => {
      if (encoding && !/^(utf-?8|us-ascii)$/i.test(encoding)) {
        throw new Iso20022Error('MALFORMED_XML', `encoding ${encoding} is not accepted, only UTF-8`);
      }
    });
    this.parser.on('opentag', ({ name, attributes }) => this.open(name, attributes));
    this.parser.on('text', (text) => this.append(text));
    this.parser.on('cdata', (text) => this.append(text));
    this.parser.on('closetag', () => this.close());
  }

  /** Text up to the end of each record by itself, so that what follows it may be of the shape of the one before. */
  write(slice: string): void {
    let text = this.rest + slice;
    this.rest = '';
    while (text !== '') {
      const used = this.isAfterRecord ? this.records.replay(text) : 0;
      if (used > 0) this.silence = 0;
      text = text.slice(used);
      const end = this.recordEnd === '' ? -1 : text.indexOf(this.recordEnd);
      if (end === -1) {
        if (this.isAfterRecord && text.length < recordLengthMax) this.rest = text;
        else this.parse(text);
        // The text may end in the middle of a tag.
        this.isAfterRecord &&= this.rest !== '';
        return;
      }
      const record = text.slice(0, end + this.recordEnd.length);
      this.learn(record);
      text = text.slice(record.length);
    }
  }

  end(): void {
    this.parse(this.rest);
    this.parser.close();
  }

  /** The parser reads it, and where it is one record after another its shape is noted. */
  private learn(record: string): void {
    const isWhole = this.isAfterRecord;
    if (isWhole) this.records.begin();
    this.parse(record);
    if (isWhole && this.isAfterRecord) this.records.note(record);
    else this.records.forget();
  }

  private parse(text: string): void {
    this.isAfterRecord = false;
    this.silence += text.length;
    this.parser.write(text);
    if (this.silence > silenceMax) throw new Iso20022Error('LIMIT_EXCEEDED', 'a text is too long');
  }

  private open(qualifiedName: string, attributes: Attributes): void {
    this.silence = 0;
    this.text = '';
    const name = qualifiedName.slice(qualifiedName.indexOf(':') + 1);
    const node =
      this.nodes.length === 0 ? this.rootOf(name) : (this.nodes.at(-1)!.children.get(name) ?? ignored);
    if (this.nodes.length >= depthMax) throw new Iso20022Error('LIMIT_EXCEEDED', 'is nested too deep', name);
    this.nodes.push(node);
    this.attributes.push(attributes);
    this.isAfterRecord = false;
    if (node.isRecord) this.recordEnd = `</${qualifiedName}>`;
    this.records.opened(node, attributes);
    node.enter?.(attributes);
  }

  private rootOf(name: string): ElementNode {
    if (name === 'Document') return this.tree.root;
    throw new Iso20022Error('UNSUPPORTED_MESSAGE', `the root is ${name}, not Document`);
  }

  private append(text: string): void {
    this.silence = 0;
    if (!this.nodes.at(-1)?.text) return;
    this.text += text;
    if (this.text.length > textLengthMax) throw new Iso20022Error('LIMIT_EXCEEDED', 'a text is too long');
  }

  private close(): void {
    const node = this.nodes.pop()!;
    const attributes = this.attributes.pop()!;
    this.records.closed(node, attributes);
    node.text?.(this.text.trim(), attributes);
    node.leave?.();
    this.text = '';
    this.isAfterRecord = node.isRecord === true;
  }
}

/** The message and version that the namespace of `Document` names, e.g. `camt.054.001.08`; null where it names none. */
export function versionOf(attributes: Attributes): string | null {
  const prefix = 'urn:iso:std:iso:20022:tech:xsd:';
  const namespace = Object.values(attributes).find((value) => value.startsWith(prefix));
  return namespace?.slice(prefix.length) ?? null;
}
