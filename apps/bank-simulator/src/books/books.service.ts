import { Injectable } from '@nestjs/common';
import { streamRows } from '@ansinh/database';
import { DataSource } from 'typeorm';
import { AccountService } from '../account/account.service.js';

/** What happened to one end-to-end id. Amounts are strings of đồng. */
interface BookLine {
  endToEndId: string;
  messageId: string;
  state: 'received' | 'refused' | 'settled' | 'returned';
  amount: string;
  debited: string;
  credited: string;
  debits: number;
  credits: number;
  reason: string | null;
}

export interface Totals {
  openingBalance: string;
  debited: string;
  credited: string;
  balance: string;
  /** Whether all postings of the bank sum to zero, and the account's to its balance. */
  balanced: boolean;
}

const linesPerPiece = 500;

/** The witness: everything here is summed from the postings, none of it from what was asked for. */
@Injectable()
export class BooksService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly accounts: AccountService,
  ) {}

  /** NDJSON in the order of the end-to-end ids' bytes. */
  async linesOf(account: string): Promise<AsyncGenerator<string>> {
    const accountId = await this.accounts.idOf(account);
    return inPieces(streamRows<BookLine>(this.dataSource, 'owner', bookSql, [accountId]));
  }

  async totalsOf(account: string): Promise<Totals> {
    const [totals] = await this.dataSource.query<[Totals]>(totalsSql, [await this.accounts.idOf(account)]);
    return totals;
  }
}

async function* inPieces(lines: AsyncGenerator<BookLine>): AsyncGenerator<string> {
  let piece = '';
  let count = 0;
  for await (const line of lines) {
    piece += `${JSON.stringify(line)}\n`;
    count += 1;
    if (count % linesPerPiece !== 0) continue;
    yield piece;
    piece = '';
  }
  if (piece) yield piece;
}

const bookSql = `
SELECT end_to_end_id AS "endToEndId", message.id AS "messageId",
       CASE WHEN refusal IS NOT NULL THEN 'refused'
            WHEN credits > 0 THEN 'returned'
            WHEN debits > 0 THEN 'settled'
            ELSE 'received' END AS state,
       amount::text, coalesce(debited, 0)::text AS debited, coalesce(credited, 0)::text AS credited,
       coalesce(debits, 0) AS debits, coalesce(credits, 0) AS credits,
       coalesce(refusal, CASE WHEN credits > 0 THEN return_reason END) AS reason
FROM message
JOIN transfer ON transfer.message_number = message.number
LEFT JOIN (
  SELECT journal.message_number, line,
         -sum(amount) FILTER (WHERE amount < 0) AS debited, sum(amount) FILTER (WHERE amount > 0) AS credited,
         (count(*) FILTER (WHERE amount < 0))::int AS debits, (count(*) FILTER (WHERE amount > 0))::int AS credits
  FROM posting JOIN journal ON journal.number = journal_number
  WHERE posting.account_id = $1 AND kind <> 'opening'
  GROUP BY journal.message_number, line
) AS moved USING (message_number, line)
WHERE message.account_id = $1
ORDER BY end_to_end_id COLLATE "C"`;

const totalsSql = `
SELECT opening_balance::text AS "openingBalance", debited::text, credited::text,
       (opening_balance - debited + credited)::text AS balance,
       (SELECT coalesce(sum(amount), 0) = 0 FROM posting)
         AND opening_balance - debited + credited = balance AS balanced
FROM account
CROSS JOIN LATERAL (
  SELECT coalesce(-sum(amount) FILTER (WHERE amount < 0), 0) AS debited,
         coalesce(sum(amount) FILTER (WHERE amount > 0), 0) AS credited
  FROM posting JOIN journal ON journal.number = journal_number
  WHERE posting.account_id = account.id AND kind <> 'opening'
) AS moved
WHERE account.id = $1`;
