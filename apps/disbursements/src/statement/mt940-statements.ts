import {
  type CamtEntryEvent,
  type CamtTransactionEvent,
  Iso20022Error,
  readAmountIn,
} from '@ansinh/iso20022';
import {
  type Mt940Balance,
  type Mt940Closing,
  Mt940Error,
  type Mt940Source,
  type Mt940Statement,
  type Mt940Transaction,
  parseMt940,
} from '@ansinh/mt940';
import { isMessageId } from '../batch/batch-code.js';
import type { StatementDocument, StatementEvent } from './statement-document.js';

/** What a bank writes in `:61:` where it has no reference, or where the reference is in `:86:`. */
const noReference = new Set(['NONREF', 'KREF+', 'EREF+', 'NOTPROVIDED', 'PREF']);

/**
 * Reads MT940 as the same events that a camt.053 gives, so that everything after it is one path. Pages of a statement
 * that stand one after the other in the file become one statement.
 * @throws Iso20022Error
 */
export async function* readMt940(source: Mt940Source): AsyncGenerator<StatementEvent[]> {
  const statements = new Mt940Statements();
  try {
    for await (const events of parseMt940(source)) {
      yield events.flatMap((event) => {
        if (event.kind === 'statement') return statements.start(event);
        if (event.kind === 'transaction') return statements.move(event);
        if (event.kind === 'closing') return statements.close(event);
        throw refusal('INVALID_VALUE', `:${event.tag}: stands where it may not`, event.line);
      });
    }
    statements.end();
  } catch (error) {
    if (!(error instanceof Mt940Error)) throw error;
    throw new Iso20022Error(error.code, error.message);
  }
}

class Mt940Statements {
  private document: StatementDocument | null = null;
  /** The page being read has no closing balance yet. */
  private isOpen = false;

  start(statement: Mt940Statement): StatementEvent[] {
    this.requireClosed(statement.line);
    this.isOpen = true;
    if (this.isNextPage(statement)) return [];
    this.document = documentOf(statement);
    return [this.document];
  }

  move(transaction: Mt940Transaction): StatementEvent[] {
    if (!this.document) throw refusal('MISSING_ELEMENT', ':20: is missing', transaction.line);
    const entry = entryOf(transaction);
    const payment = paymentOf(transaction, entry);
    return payment ? [payment, { ...entry, transactions: 1 }] : [entry];
  }

  /** The page's closing balance is the statement's, until another page follows. */
  close({ balance, isIntermediate, line }: Mt940Closing): StatementEvent[] {
    const { document } = this;
    if (!document || !this.isOpen) throw refusal('INVALID_VALUE', 'a second closing balance', line);
    this.isOpen = false;
    document.closing = amountOf(balance, ':62F:', line);
    document.isComplete = !isIntermediate;
    document.on = balance.on;
    return [];
  }

  end(): void {
    this.requireClosed(0);
  }

  /** Same account and number, the page after the one before, going on with its balance. */
  private isNextPage({ account, number, page, opening, isContinued, line }: Mt940Statement): boolean {
    const { document } = this;
    if (!document || document.isComplete || !isContinued || number !== document.sequence) return false;
    if (accountOf(account, line).account !== document.account) return false;
    if (opening && amountOf(opening, ':60M:', line) !== document.closing) return false;
    document.lastPage = page ?? document.lastPage + 1;
    return true;
  }

  private requireClosed(line: number): void {
    if (this.isOpen) throw refusal('MISSING_ELEMENT', ':62F: is missing', line);
  }
}

function documentOf(statement: Mt940Statement): StatementDocument {
  const { reference, number, page, opening, line } = statement;
  const { account, servicer } = accountOf(statement.account, line);
  if (!opening) throw refusal('MISSING_ELEMENT', ':60F: is missing', line);
  return {
    kind: 'document',
    type: 'mt940',
    version: null,
    messageId: reference,
    // Many banks give every statement the same reference: with number and day it is that of one statement.
    id: [reference, number === null ? '' : `${number}/${page ?? 1}`, opening.on].filter(Boolean).join(' '),
    createdAt: opening.on,
    account,
    servicer,
    currency: opening.currency,
    sequence: number,
    opening: amountOf(opening, ':60F:', line),
    closing: null,
    summary: null,
    page: page ?? 1,
    lastPage: page ?? 1,
    isComplete: true,
    on: opening.on,
    contradiction: null,
  };
}

/** `970405/2600201000001`, `BANKVNVX/2600201000001`, or the account alone. */
function accountOf(field: string | null, line: number): { account: string; servicer: string | null } {
  if (!field) throw refusal('MISSING_ELEMENT', ':25: is missing', line);
  const cut = field.lastIndexOf('/');
  if (cut === -1) return { account: field, servicer: null };
  return { account: field.slice(cut + 1), servicer: field.slice(0, cut) };
}

function amountOf({ amount, currency }: Mt940Balance, tag: string, line: number): bigint {
  const isNegative = amount.startsWith('-');
  const absolute = readAmountIn(
    'VND',
    isNegative ? amount.slice(1) : amount,
    currency,
    `${tag} (line ${line})`,
  );
  return isNegative ? -absolute : absolute;
}

function entryOf(transaction: Mt940Transaction): CamtEntryEvent {
  const { amount, currency, direction, bookedOn, valueOn, bankReference, line } = transaction;
  const messageId = referencesOf(transaction).find(isMessageId);
  return {
    kind: 'entry',
    amount: readAmountIn('VND', amount, currency ?? undefined, `:61: (line ${line})`),
    direction,
    status: 'BOOK',
    bookedOn: bookedOn ?? valueOn,
    reference: bankReference,
    batches: messageId ? [{ messageId, count: null, total: null, told: { count: 0, total: 0n } }] : [],
    transactions: 0,
  };
}

/** The payment that a movement is; null for a message as one sum, and for what has no reference, such as a fee. */
function paymentOf(transaction: Mt940Transaction, entry: CamtEntryEvent): CamtTransactionEvent | null {
  const { information } = transaction;
  const [endToEndId] = referencesOf(transaction).filter((reference) => !isMessageId(reference));
  if (!endToEndId) return null;
  // The bank of the other side as its number at NAPAS; by a BIC the account cannot be compared.
  const isComparable = /^\d{6}$/.test(information?.bank ?? '');
  return {
    kind: 'transaction',
    endToEndId,
    amount: entry.amount,
    direction: entry.direction,
    status: entry.status,
    bookedOn: entry.bookedOn,
    reference: entry.reference,
    messageId: null,
    account: isComparable ? (information?.account ?? null) : null,
    bin: isComparable ? information!.bank : null,
    reason: information?.references['RTRN'] ?? null,
  };
}

/** The payer's own references, the surest first. */
function referencesOf({ information, customerReference }: Mt940Transaction): string[] {
  const { EREF, KREF, PREF } = information?.references ?? {};
  return [EREF, customerReference, KREF, PREF].flatMap((reference) =>
    reference && !noReference.has(reference) ? [reference] : [],
  );
}

function refusal(code: Iso20022Error['code'], message: string, line: number): Iso20022Error {
  return new Iso20022Error(code, line > 0 ? `line ${line}: ${message}` : message);
}
