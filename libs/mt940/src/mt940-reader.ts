import { type Mt940Field, type Mt940Source, readFields } from './field-reader.js';
import { readInformation } from './information.js';
import type { Mt940Event, Mt940Statement, Mt940Transaction } from './mt940-events.js';
import { readBalance, readMovement, readNumber } from './values.js';

/**
 * Reads customer statement messages, one after another in a file: arrays of events, one array a piece of input. Fields
 * that it does not know are passed over; what it knows and cannot read is refused.
 * @throws Mt940Error
 */
export async function* parseMt940(source: Mt940Source): AsyncGenerator<Mt940Event[]> {
  const reader = new Mt940Reader();
  for await (const fields of readFields(source)) {
    for (const field of fields) reader.read(field);
    const events = reader.take();
    if (events.length > 0) yield events;
  }
  reader.end();
  const events = reader.take();
  if (events.length > 0) yield events;
}

/** Where in a message the reader is: before its movements, among them, or after its closing balance. */
type Place = 'head' | 'body' | 'closed' | 'outside';

class Mt940Reader {
  private events: Mt940Event[] = [];
  private place: Place = 'outside';
  private statement: Mt940Statement | null = null;
  /** Waits for its `:86:`. */
  private movement: Mt940Transaction | null = null;

  take(): Mt940Event[] {
    const { events } = this;
    this.events = [];
    return events;
  }

  end(): void {
    this.flush();
    this.announce();
    this.statement = null;
    this.place = 'outside';
  }

  read(field: Mt940Field): void {
    const { tag } = field;
    if (tag === '-') this.end();
    else if (tag === '20') this.start(field);
    else if (tag === '86') this.addInformation(field);
    else if (tag === '61') this.addMovement(field);
    else if (tag === '62F' || tag === '62M') this.close(field);
    else if (/^(25|28|60)/.test(tag)) this.addToHead(field);
  }

  private start({ text, line }: Mt940Field): void {
    this.end();
    this.place = 'head';
    this.statement = {
      kind: 'statement',
      reference: text.trim(),
      account: null,
      number: null,
      page: null,
      opening: null,
      isContinued: false,
      line,
    };
  }

  private addToHead(field: Mt940Field): void {
    const { statement } = this;
    if (this.place !== 'head' || !statement) return this.misplace(field);
    if (field.tag.startsWith('25')) statement.account = field.text.split('\n', 1)[0]!.trim();
    else if (field.tag.startsWith('28')) Object.assign(statement, readNumber(field));
    else {
      statement.opening = readBalance(field);
      statement.isContinued = field.tag === '60M';
    }
  }

  private addMovement(field: Mt940Field): void {
    this.flush();
    if (this.place === 'closed') return this.misplace(field);
    this.announce();
    const currency = this.statement?.opening?.currency ?? null;
    this.movement = { kind: 'transaction', ...readMovement(field), currency, information: null };
  }

  private addInformation(field: Mt940Field): void {
    // After the closing balance it is about the statement as a whole.
    if (this.place === 'closed') return;
    if (!this.movement || this.movement.information) return this.misplace(field);
    this.movement.information = readInformation(field.text);
  }

  private close(field: Mt940Field): void {
    this.flush();
    this.announce();
    if (this.place !== 'body') return this.misplace(field);
    this.place = 'closed';
    const balance = readBalance(field);
    this.events.push({ kind: 'closing', balance, isIntermediate: field.tag === '62M', line: field.line });
  }

  private announce(): void {
    if (this.place !== 'head' || !this.statement) return;
    this.place = 'body';
    this.events.push(this.statement);
  }

  private flush(): void {
    if (this.movement) this.events.push(this.movement);
    this.movement = null;
  }

  private misplace({ tag, line }: Mt940Field): void {
    this.events.push({ kind: 'misplaced', tag, line });
  }
}
