import { Injectable } from '@nestjs/common';
import { inTransaction } from '@ansinh/database';
import { DataSource } from 'typeorm';
import { AccountService } from '../account/account.service.js';
import { PublicationService } from '../document/publication.service.js';
import type { DrawStatement } from './statement.dto.js';

@Injectable()
export class StatementService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly accounts: AccountService,
    private readonly publication: PublicationService,
  ) {}

  /**
   * Draws up the statement of everything booked since the last one, and publishes it.
   * @returns the id of the document
   */
  async draw({ account, on }: DrawStatement): Promise<string> {
    const accountId = await this.accounts.idOf(account);
    const document = await inTransaction(this.dataSource, 'owner', async (tx) => {
      // Settlement takes this row first too: what is booked is either in this statement or in the next.
      await tx.query('SELECT FROM account WHERE id = $1 FOR UPDATE', [accountId]);
      const [statement] = await tx.query<[{ number: string }]>(
        `INSERT INTO statement (account_id, sequence, day, opening, closing)
         SELECT account.id, coalesce(last.sequence, 0) + 1, $2,
                coalesce(last.closing, opening_balance), coalesce(last.closing, opening_balance) + moved.amount
         FROM account
         LEFT JOIN LATERAL (
           SELECT sequence, closing FROM statement WHERE account_id = account.id ORDER BY sequence DESC LIMIT 1
         ) AS last ON true
         CROSS JOIN LATERAL (
           SELECT coalesce(sum(posting.amount), 0) AS amount FROM journal
           JOIN posting ON posting.journal_number = journal.number AND posting.account_id = journal.account_id
           WHERE journal.account_id = account.id AND kind <> 'opening' AND statement_number IS NULL
         ) AS moved
         WHERE account.id = $1 RETURNING number`,
        [accountId, on],
      );
      await tx.query(
        `UPDATE journal SET statement_number = $2
         WHERE account_id = $1 AND kind <> 'opening' AND statement_number IS NULL`,
        [accountId, statement.number],
      );
      const [row] = await tx.query<[{ number: string; id: string }]>(
        `INSERT INTO document (account_id, type, statement_number) VALUES ($1, 'camt.053', $2)
         RETURNING number, id`,
        [accountId, statement.number],
      );
      return row;
    });
    await this.publication.publish(document.number);
    return document.id;
  }
}
