import { vietnamTime } from '@ansinh/calendar';
import type { Transaction } from '@ansinh/database';
import { type CamtEntry, type CamtTransaction, writeCamt054 } from '@ansinh/iso20022';

/** One movement in the books, as the customer sees it. */
export interface Movement {
  number: string;
  kind: 'settlement' | 'return';
  bookedOn: string;
  bookedAt: Date;
  messageId: string;
  messageNumber: string;
  count: number;
  /** What the payer's account lost or got back, in đồng. */
  amount: string;
  accountNumber: string;
  accountName: string;
}

/** Selects movements; `WHERE` follows. The sums are those of the postings, not of the orders. */
export const movementSql = `
SELECT journal.number, journal.kind, journal.booked_on::text AS "bookedOn", journal.booked_at AS "bookedAt",
       message.id AS "messageId", message.number AS "messageNumber", total.count, total.amount,
       account.number AS "accountNumber", account.name AS "accountName"
FROM journal
JOIN message ON message.number = journal.message_number
JOIN account ON account.id = journal.account_id
CROSS JOIN LATERAL (
  SELECT count(*)::int AS count, abs(sum(amount))::bigint AS amount
  FROM posting WHERE journal_number = journal.number AND account_id = journal.account_id
) AS total`;

interface MovedLine {
  line: number;
  endToEndId: string;
  amount: string;
  creditorAccount: string;
  creditorBin: string;
  returnReason: string | null;
}

/** Writes the camt.054 of one movement: a settled message in one entry, or an entry for each payment that came back. */
export async function* writeNotice(
  tx: Transaction,
  journalNumber: string,
  bankCode: string,
): AsyncGenerator<string> {
  const [movement] = await tx.query<Movement[]>(`${movementSql} WHERE journal.number = $1`, [journalNumber]);
  if (!movement) throw new Error(`journal ${journalNumber} is not there`);
  yield* writeCamt054(
    {
      messageId: `NTF-${movement.number}`,
      id: `NTF-${movement.number}`,
      createdAt: vietnamTime(movement.bookedAt),
      account: { number: movement.accountNumber, name: movement.accountName, agentBin: bankCode },
    },
    movement.kind === 'return'
      ? returnEntries(tx, movement)
      : [settlementEntry(movement, linesOf(tx, movement))],
  );
}

/** A settled message; without `pages`, as one sum. */
export function settlementEntry(movement: Movement, pages?: CamtEntry['transactions']): CamtEntry {
  const amount = BigInt(movement.amount);
  return {
    amount,
    direction: 'debit',
    bookedOn: movement.bookedOn,
    reference: referenceOf(movement),
    batch: { messageId: movement.messageId, count: movement.count, total: amount },
    transactions: pages,
  };
}

export async function* returnEntries(tx: Transaction, movement: Movement): AsyncGenerator<CamtEntry> {
  for await (const page of linesOf(tx, movement)) {
    for (const transaction of page) {
      const { amount, reference } = transaction;
      yield {
        amount,
        direction: 'credit',
        bookedOn: movement.bookedOn,
        reference,
        transactions: [[transaction]],
      };
    }
  }
}

function referenceOf(movement: Movement, line?: number): string {
  return line === undefined ? `BK${movement.number}` : `BK${movement.number}-${line}`;
}

const pageLines = 1_000;

/**
 * The lines of one movement by pages. They never change, so that each page may be read by itself. Of each line its transfer is
 * looked up: of a message that came since the last `ANALYZE` the planner expects one line, and would compare each with all others.
 */
async function* linesOf(tx: Transaction, movement: Movement): AsyncGenerator<CamtTransaction[]> {
  let last = 0;
  for (;;) {
    const lines = await tx.query<MovedLine[]>(
      `SELECT posting.line, end_to_end_id AS "endToEndId", abs(posting.amount) AS amount,
              creditor_account AS "creditorAccount", creditor_bin AS "creditorBin",
              return_reason AS "returnReason"
       FROM posting
       CROSS JOIN LATERAL (SELECT * FROM transfer
         WHERE message_number = $2 AND transfer.line = posting.line LIMIT 1) AS transfer
       WHERE journal_number = $1 AND posting.line > $3
       ORDER BY posting.line LIMIT ${pageLines}`,
      [movement.number, movement.messageNumber, last],
    );
    if (lines.length > 0) yield lines.map((line) => transactionOf(movement, line));
    if (lines.length < pageLines) return;
    last = lines.at(-1)!.line;
  }
}

function transactionOf(movement: Movement, line: MovedLine): CamtTransaction {
  const isReturn = movement.kind === 'return';
  return {
    endToEndId: line.endToEndId,
    amount: BigInt(line.amount),
    direction: isReturn ? 'credit' : 'debit',
    reference: referenceOf(movement, line.line),
    creditorAccount: line.creditorAccount,
    creditorBin: line.creditorBin,
    returnReason: isReturn ? line.returnReason : null,
  };
}
