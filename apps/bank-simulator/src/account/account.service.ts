import { Injectable } from '@nestjs/common';
import { inTransaction, type Transaction } from '@ansinh/database';
import { ProblemError } from '@ansinh/problem';
import { DataSource } from 'typeorm';
import type { AccountView, OpenAccount } from './account.dto.js';
import { accountProblems } from './account.problems.js';

@Injectable()
export class AccountService {
  constructor(private readonly dataSource: DataSource) {}

  /** Opens a payer's account, or finds that it was opened so before. */
  async open(input: OpenAccount): Promise<AccountView> {
    return inTransaction(this.dataSource, 'owner', async (tx) => {
      const [opened] = await tx.query<{ id: number }[]>(
        `INSERT INTO account (number, name, opening_balance) VALUES ($1, $2, $3)
         ON CONFLICT (number) DO NOTHING RETURNING id`,
        [input.number, input.name, input.openingBalance],
      );
      if (opened) await bookOpening(tx, opened.id, input.openingBalance);
      const [account] = await tx.query<AccountView[]>(
        `SELECT number, name, opening_balance AS "openingBalance" FROM account WHERE number = $1 AND NOT is_own`,
        [input.number],
      );
      if (account?.name === input.name && account.openingBalance === input.openingBalance) return account;
      throw new ProblemError(accountProblems.exists);
    });
  }

  /** @throws ProblemError ACCOUNT_NOT_FOUND */
  async idOf(number: string): Promise<number> {
    const [account] = await this.dataSource.query<{ id: number }[]>(
      'SELECT id FROM account WHERE number = $1 AND NOT is_own',
      [number],
    );
    if (account) return account.id;
    throw new ProblemError(accountProblems.notFound);
  }
}

async function bookOpening(tx: Transaction, accountId: number, openingBalance: string): Promise<void> {
  if (openingBalance === '0') return;
  await tx.query(
    `WITH opening AS (
       INSERT INTO journal (kind, account_id, booked_on)
       VALUES ('opening', $1, (now() AT TIME ZONE 'Asia/Ho_Chi_Minh')::date) RETURNING number
     )
     INSERT INTO posting (journal_number, line, account_id, amount)
     SELECT opening.number, side.line, side.account_id, side.amount
     FROM opening, (
       SELECT 1 AS line, $1::int AS account_id, $2::bigint AS amount
       UNION ALL
       SELECT 0, id, -$2::bigint FROM account WHERE number = 'CAPITAL'
     ) AS side`,
    [accountId, openingBalance],
  );
}
