import type { BatchPayment } from '@ansinh/client';
import type { BookLine } from './bank-witness.js';

export interface BookComparison {
  agrees: boolean;
  lines: number;
  /** The first few that differ, for people. */
  differences: string[];
}

const differencesShownMax = 5;

/**
 * Lays our payments beside the bank's books, both in the order of their end-to-end ids, line by line; neither is ever
 * held whole. A line agrees when the bank took and gave back exactly what our outcomes and exceptions say.
 */
export async function compareBooks(
  ours: AsyncIterable<BatchPayment>,
  bank: AsyncIterable<BookLine>,
): Promise<BookComparison> {
  const [left, right] = [ours[Symbol.asyncIterator](), bank[Symbol.asyncIterator]()];
  const differences: string[] = [];
  let differing = 0;
  let lines = 0;
  let [our, their] = [await left.next(), await right.next()];
  while (!our.done || !their.done) {
    lines += 1;
    const order = our.done ? 1 : their.done ? -1 : compare(our.value.endToEndId, their.value.endToEndId);
    const difference =
      order < 0
        ? missingAtBank(our.value as BatchPayment)
        : order > 0
          ? `${(their.value as BookLine).endToEndId}: only the bank has it`
          : differenceOf(our.value as BatchPayment, their.value as BookLine);
    if (difference !== null) {
      differing += 1;
      if (differences.length < differencesShownMax) differences.push(difference);
    }
    if (order <= 0) our = await left.next();
    if (order >= 0) their = await right.next();
  }
  return { agrees: differing === 0, lines, differences };
}

const compare = (one: string, other: string) => (one < other ? -1 : one > other ? 1 : 0);

/** A message that the bank refused as a whole leaves no lines in its books. */
function missingAtBank(payment: BatchPayment): string | null {
  return payment.state === 'refused'
    ? null
    : `${payment.endToEndId}: ${payment.state} here, unknown to the bank`;
}

function differenceOf(our: BatchPayment, their: BookLine): string | null {
  const debited = BigInt(our.paidAmount ?? 0) + BigInt(our.exceptionDebit ?? 0);
  const returned = our.state === 'returned' ? BigInt(our.paidAmount ?? our.amount) : 0n;
  const credited = returned + BigInt(our.exceptionCredit ?? 0);
  const isSame =
    BigInt(their.amount) === BigInt(our.amount) &&
    BigInt(their.debited) === debited &&
    BigInt(their.credited) === credited &&
    (their.state === 'refused') === (our.state === 'refused');
  if (isSame) return null;
  const here = `${our.state}, ${debited} out, ${credited} back`;
  return `${our.endToEndId}: ${here} here; ${their.state}, ${their.debited} out, ${their.credited} back at the bank`;
}
