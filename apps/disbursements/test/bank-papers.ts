import { randomUUID } from 'node:crypto';
import {
  type CamtEntry,
  type CamtTransaction,
  writeCamt053,
  writeCamt054,
  writePain002,
} from '@ansinh/iso20022';
import type { BatchView } from '../src/batch/batch.dto.js';
import { endToEndIdOf, type Harness, operator } from './harness.js';

/** What a bank says of its own doings, as the documents that it would publish. */

export interface Movement {
  endToEndId: string;
  amount: bigint;
  account: string;
  bin: string;
  /** The bank's own reference; one movement keeps it in every document that tells of it. */
  reference: string;
  direction: 'debit' | 'credit';
  bookedOn: string;
  reason?: string;
}

/** Today at the bank: Viet Nam is seven hours ahead of UTC. */
export const today = () => daysFromToday(0);

export function daysFromToday(days: number): string {
  return new Date(Date.now() + 7 * 3_600_000 + days * 86_400_000).toISOString().slice(0, 10);
}

/** The debit of one line of a batch, exactly as it was asked for unless told otherwise. */
export function debitOf(
  batch: BatchView,
  lines: string[],
  row: number,
  over: Partial<Movement> = {},
): Movement {
  const [, , bin, account, amount] = lines[row - 1]!.split(',');
  return {
    endToEndId: endToEndIdOf(batch, row),
    amount: BigInt(amount!),
    account: account!,
    bin: bin!,
    reference: `D${randomUUID().slice(0, 20)}`,
    direction: 'debit',
    bookedOn: today(),
    ...over,
  };
}

export const creditOf = (batch: BatchView, lines: string[], row: number, over: Partial<Movement> = {}) =>
  debitOf(batch, lines, row, {
    direction: 'credit',
    reason: 'AC04',
    reference: `R${randomUUID().slice(0, 20)}`,
    ...over,
  });

export const debitsOf = (batch: BatchView, lines: string[]) =>
  lines.map((_, index) => debitOf(batch, lines, index + 1));

const shortId = () => randomUUID().slice(0, 30);
const createdAt = '2026-11-23T08:00:00+07:00';

interface Paper {
  account: string;
  id?: string;
}

const headerOf = ({ account, id = shortId() }: Paper) => ({
  messageId: id,
  createdAt,
  id,
  account: { number: account, name: 'SO LAO DONG', agentBin: '970405' },
});

/** One entry a movement; the notice tells each payment. */
export function noticeOf(paper: Paper, movements: Movement[]): Promise<string> {
  return joined(writeCamt054(headerOf(paper), movements.map(entryOf)));
}

export interface StatementPaper extends Paper {
  /** Those that follow the account's last statement of this kind, unless told otherwise. */
  sequence?: number;
  opening?: bigint;
  /** By how much the closing balance is wrong; such a statement is not one that others follow. */
  offBy?: bigint;
}

interface Running {
  sequence: number;
  balance: bigint;
}

/** Where each account stands by its statements, as its bank keeps it. */
const books = { 'camt.053': new Map<string, Running>(), mt940: new Map<string, Running>() };

/** Numbers and balances of the account's next statement. */
function nextStatement(
  kind: keyof typeof books,
  { account, ...paper }: StatementPaper,
  entries: CamtEntry[],
): { sequence: number; opening: bigint; closing: bigint } {
  const last = books[kind].get(account) ?? { sequence: 0, balance: 1_000_000_000_000n };
  const { sequence = last.sequence + 1, opening = last.balance, offBy } = paper;
  const closing = entries.reduce(
    (balance, { amount, direction }) => (direction === 'credit' ? balance + amount : balance - amount),
    opening,
  );
  if (offBy !== undefined) return { sequence, opening, closing: closing + offBy };
  books[kind].set(account, { sequence, balance: closing });
  return { sequence, opening, closing };
}

export function statementOf(paper: StatementPaper, entries: (Movement | CamtEntry)[]): Promise<string> {
  const written = entries.map((entry) => ('account' in entry ? entryOf(entry) : entry));
  const header = { ...headerOf(paper), on: today(), ...nextStatement('camt.053', paper, written) };
  return joined(writeCamt053(header, written));
}

const swiftDay = (day: string) => day.slice(2).replaceAll('-', '');

/** The same as MT940, in the way of banks that give the payer's references in `?20`. */
export function mt940Of(paper: StatementPaper, entries: (Movement | CamtEntry)[]): string {
  const written = entries.map((entry) => ('account' in entry ? entryOf(entry) : entry));
  const { sequence, opening, closing } = nextStatement('mt940', paper, written);
  const balance = (amount: bigint) =>
    `${amount < 0n ? 'D' : 'C'}${swiftDay(today())}VND${amount < 0n ? -amount : amount},`;
  const lines = entries.flatMap((entry) => {
    const mark = entry.direction === 'credit' ? 'C' : 'D';
    const movement = `:61:${swiftDay(entry.bookedOn)}${mark}${entry.amount},NTRFNONREF//${entry.reference}`;
    if (!('account' in entry)) return [movement, `:86:166?00SUM?20KREF+${entry.batch!.messageId}`];
    // Cut at 65 characters, wherever that is.
    const information = `:86:166?00X?20EREF+${entry.endToEndId}?21SVWZ+HO TRO?30${entry.bin}?31${entry.account}`;
    return [movement, ...information.match(/.{1,65}/g)!];
  });
  return [
    ...[`:20:${paper.id ?? 'STARTUMSE'}`, `:25:970405/${paper.account}`, `:28C:${sequence}/1`],
    ...[`:60F:${balance(opening)}`, ...lines, `:62F:${balance(closing)}`, '-', ''],
  ].join('\r\n');
}

/** A whole message as one sum, the way a bank books it in its statement. */
export function bookedMessage(messageId: string, movements: Movement[], reference = shortId()): CamtEntry {
  const total = movements.reduce((sum, { amount }) => sum + amount, 0n);
  return {
    amount: total,
    direction: 'debit',
    bookedOn: today(),
    reference,
    batch: { messageId, count: movements.length, total },
  };
}

interface StatusPaper {
  status?: 'ACTC' | 'PART' | 'RJCT';
  reason?: string;
  refused?: { endToEndId: string; reason: string }[];
}

export function statusReportOf(messageId: string, { status, reason, refused = [] }: StatusPaper): Buffer {
  return writePain002(
    {
      messageId: shortId(),
      createdAt,
      originalMessageId: messageId,
      originalMessageName: 'pain.001.001.10',
      originalPaymentInformationId: messageId,
      originalCount: 1,
      groupStatus: status ?? (refused.length > 0 ? 'PART' : 'ACTC'),
      groupReason: reason,
    },
    refused,
  );
}

function entryOf(movement: Movement): CamtEntry {
  const transaction: CamtTransaction = {
    endToEndId: movement.endToEndId,
    amount: movement.amount,
    direction: movement.direction,
    reference: movement.reference,
    creditorAccount: movement.account,
    creditorBin: movement.bin,
    returnReason: movement.reason ?? null,
  };
  const { amount, direction, bookedOn, reference } = movement;
  return { amount, direction, bookedOn, reference, transactions: [[transaction]] };
}

async function joined(pieces: AsyncIterable<string>): Promise<string> {
  let text = '';
  for await (const piece of pieces) text += piece;
  return text;
}

/** The payer's account of a fund, as the bank's documents name it. */
export async function accountOf(harness: Harness, fundId: string): Promise<string> {
  const { body } = await (await harness.as(operator)).get(`/v1/funds/${fundId}`).expect(200);
  return (body as { account: { number: string } }).account.number;
}
