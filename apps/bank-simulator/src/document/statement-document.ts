import { vietnamTime } from '@ansinh/calendar';
import type { Transaction } from '@ansinh/database';
import { type CamtEntry, writeCamt053 } from '@ansinh/iso20022';
import { type Movement, movementSql, returnEntries, settlementEntry } from './notice.js';

interface StatementRow {
  sequence: number;
  day: string;
  opening: string;
  closing: string;
  createdAt: Date;
  accountNumber: string;
  accountName: string;
}

/** Writes the camt.053 of one statement: each settled message as one sum, each payment that came back by itself. */
export async function* writeStatement(
  tx: Transaction,
  statementNumber: string,
  bankCode: string,
): AsyncGenerator<string> {
  const [statement] = await tx.query<StatementRow[]>(
    `SELECT sequence, day::text, opening, closing, created_at AS "createdAt",
            account.number AS "accountNumber", account.name AS "accountName"
     FROM statement JOIN account ON account.id = account_id WHERE statement.number = $1`,
    [statementNumber],
  );
  if (!statement) throw new Error(`statement ${statementNumber} is not there`);
  yield* writeCamt053(
    {
      messageId: `STM-${statementNumber}`,
      id: `STM-${statementNumber}`,
      createdAt: vietnamTime(statement.createdAt),
      account: { number: statement.accountNumber, name: statement.accountName, agentBin: bankCode },
      sequence: statement.sequence,
      on: statement.day,
      opening: BigInt(statement.opening),
      closing: BigInt(statement.closing),
    },
    entriesOf(tx, statementNumber),
  );
}

async function* entriesOf(tx: Transaction, statementNumber: string): AsyncGenerator<CamtEntry> {
  const movements = await tx.query<Movement[]>(
    `${movementSql} WHERE journal.statement_number = $1 ORDER BY journal.number`,
    [statementNumber],
  );
  for (const movement of movements) {
    if (movement.kind === 'return') yield* returnEntries(tx, movement);
    else yield settlementEntry(movement);
  }
}
