import { createHash } from 'node:crypto';
import { Iso20022Error, parsePain001, type Pain001Event } from '@ansinh/iso20022';
import { copyValue } from '@ansinh/copy-text';
import { ProblemError } from '@ansinh/problem';
import type { FaultPlan } from '../fault/fault-plan.js';
import { decide, type PaymentOrder } from './decision.js';
import { messageProblems } from './message.problems.js';

/** A pain.001 between the wire and the database. */
export interface PaymentMessage {
  id: string;
  /** Of the bytes as they came: the same id with another digest is another message. */
  digest: Buffer;
  version: string;
  paymentInformationId: string;
  executionOn: string;
  account: string;
  count: number;
  /** Its orders with the bank's decisions, as text for COPY: objects of thousands of orders would fill the memory. */
  rows: Buffer[];
}

const ordersMax = 5_000;
const identifierLengthMax = 35;

/**
 * Reads a message from the wire, and decides about each order as it passes.
 * @throws ProblemError INVALID_MESSAGE saying which element is wrong; nothing was stored
 */
export async function readPaymentMessage(
  body: AsyncIterable<Uint8Array>,
  faults: FaultPlan,
  onlyVersion: string | null,
): Promise<PaymentMessage> {
  const hash = createHash('sha256');
  const message: MessageInReading = { count: 0, rows: [] };
  try {
    for await (const events of parsePain001(hashed(body, hash))) {
      let rows = '';
      for (const event of events) {
        if (event.kind === 'transaction') rows += rowOf(message, event, faults);
        else readHead(message, event, onlyVersion);
      }
      message.rows.push(Buffer.from(rows));
    }
    if (message.count === 0) throw new Iso20022Error('MISSING_ELEMENT', 'is missing', 'CdtTrfTxInf');
  } catch (error) {
    throw refusalOf(error);
  }
  return { ...message, digest: hash.digest() } as PaymentMessage;
}

type MessageInReading = Partial<PaymentMessage> & Pick<PaymentMessage, 'count' | 'rows'>;

async function* hashed(
  body: AsyncIterable<Uint8Array>,
  hash: ReturnType<typeof createHash>,
): AsyncGenerator<Uint8Array> {
  for await (const piece of body) {
    hash.update(piece);
    yield piece;
  }
}

function readHead(
  message: MessageInReading,
  event: Exclude<Pain001Event, PaymentOrder>,
  onlyVersion: string | null,
): void {
  if (event.kind === 'header') {
    message.id = identifierOf(event.messageId, 'MsgId');
    message.version = event.version ?? 'pain.001';
    if (onlyVersion !== null && message.version !== onlyVersion) {
      throw new Iso20022Error('UNSUPPORTED_MESSAGE', `this bank takes ${onlyVersion} only`, 'Document');
    }
    return;
  }
  if (message.account) throw new Iso20022Error('LIMIT_EXCEEDED', 'more than one', 'PmtInf');
  message.account = event.debtorAccount;
  message.executionOn = event.executionOn;
  message.paymentInformationId = identifierOf(event.id, 'PmtInfId');
}

/** One line of COPY, in the order of the columns that orders are stored by. */
function rowOf(message: MessageInReading, order: PaymentOrder, faults: FaultPlan): string {
  message.count += 1;
  if (message.count > ordersMax) {
    throw new Iso20022Error('LIMIT_EXCEEDED', `more than ${ordersMax}`, 'CdtTrfTxInf');
  }
  const { refusal, paid, returnReason } = decide(order, faults);
  const values = [
    message.count,
    identifierOf(order.endToEndId, 'EndToEndId'),
    order.amount,
    paid,
    order.creditorAccount.toUpperCase(),
    order.creditorBin ?? '',
    refusal,
    returnReason,
  ];
  return `${values.map(copyValue).join('\t')}\n`;
}

function identifierOf(value: string, element: string): string {
  if (value.length <= identifierLengthMax) return value;
  throw new Iso20022Error('INVALID_VALUE', `longer than ${identifierLengthMax} characters`, element);
}

function refusalOf(error: unknown): unknown {
  // The customer went away in the middle: no defect of ours, and nobody there to read about it.
  if ((error as NodeJS.ErrnoException).code === 'ECONNRESET')
    return new ProblemError(messageProblems.invalid);
  if (!(error instanceof Iso20022Error)) return error;
  return new ProblemError(messageProblems.invalid, {
    detail: { vi: `Lỗi ${error.code}: ${error.message}`, en: `${error.code}: ${error.message}` },
    extensions: { reason: error.code, element: error.element },
  });
}
