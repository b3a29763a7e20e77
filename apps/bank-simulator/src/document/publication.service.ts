import { promisify } from 'node:util';
import { constants, gzip } from 'node:zlib';
import { Inject, Injectable } from '@nestjs/common';
import { inTransaction, type Transaction } from '@ansinh/database';
import { DataSource } from 'typeorm';
import { type Config, configToken } from '../config.js';
import { FaultService } from '../fault/fault.service.js';
import { writeNotice } from './notice.js';
import { writeStatement } from './statement-document.js';

const compress = promisify(gzip);
/** A condition on `document`. */
export const publicationIsDue = 'cursor IS NULL AND publish_at <= clock_timestamp()';

const partCharacters = 512 * 1024;

interface DueDocument {
  number: string;
  id: string;
  accountId: number;
  type: 'camt.053' | 'camt.054';
  journalNumber: string | null;
  statementNumber: string | null;
  copyOf: string | null;
}

/** Renders documents and gives them their place in the order of publication. */
@Injectable()
export class PublicationService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly faults: FaultService,
    @Inject(configToken) private readonly config: Config,
  ) {}

  /** Publishes the document that has waited longest. @returns whether there was one */
  publishNext(): Promise<boolean> {
    return this.publishDue(publicationIsDue, [], 'SKIP LOCKED');
  }

  /** Publishes this one now, unless it already is. */
  async publish(number: string): Promise<void> {
    await this.publishDue('cursor IS NULL AND number = $1', [number], '');
  }

  private publishDue(condition: string, parameters: unknown[], lock: string): Promise<boolean> {
    return inTransaction(this.dataSource, 'owner', async (tx) => {
      const [document] = await tx.query<DueDocument[]>(
        `SELECT number, id, account_id AS "accountId", type, journal_number AS "journalNumber",
                statement_number AS "statementNumber", copy_of AS "copyOf"
         FROM document WHERE ${condition}
         ORDER BY publish_at, number LIMIT 1 FOR UPDATE ${lock}`,
        parameters,
      );
      if (!document) return false;
      const bytes = document.copyOf ? await bytesOf(tx, document.copyOf) : await this.render(tx, document);
      if (!document.copyOf) await this.announceCopy(tx, document);
      // One publication at a time, up to its commit: a reader who has seen a cursor will find no smaller one later.
      await tx.query(`SELECT pg_advisory_xact_lock(hashtext('document.cursor'))`);
      await tx.query(
        `UPDATE document SET cursor = nextval('document_cursor_sequence'), bytes = $2 WHERE number = $1`,
        [document.number, bytes],
      );
      return true;
    });
  }

  /** The fault of telling everything twice. What it is decided by stays the same from run to run. */
  private async announceCopy(tx: Transaction, document: DueDocument): Promise<void> {
    const [{ name }] = await tx.query<[{ name: string }]>(
      `SELECT coalesce(
         (SELECT message.id || '/' || journal.kind FROM journal JOIN message ON message.number = message_number
          WHERE journal.number = $1),
         (SELECT account.number || '/' || sequence FROM statement JOIN account ON account.id = account_id
          WHERE statement.number = $2)) AS name`,
      [document.journalNumber, document.statementNumber],
    );
    if (!this.faults.current.hits('answerTwice', name)) return;
    await tx.query(
      `INSERT INTO document (account_id, type, journal_number, statement_number, copy_of)
       SELECT account_id, type, journal_number, statement_number, number FROM document WHERE number = $1`,
      [document.number],
    );
  }

  /** Writes the document's parts as they are rendered. @returns its length in bytes */
  private async render(tx: Transaction, document: DueDocument): Promise<number> {
    const pieces =
      document.type === 'camt.053'
        ? writeStatement(tx, document.statementNumber!, this.config.bankCode)
        : writeNotice(tx, document.journalNumber!, this.config.bankCode);
    let bytes = 0;
    let part = 0;
    let text = '';
    const store = async () => {
      const content = Buffer.from(text);
      bytes += content.length;
      part += 1;
      text = '';
      await tx.query('INSERT INTO document_part (document_number, part, content) VALUES ($1, $2, $3)', [
        document.number,
        part,
        await compress(content, { level: constants.Z_BEST_SPEED }),
      ]);
    };
    for await (const piece of pieces) {
      text += piece;
      if (text.length >= partCharacters) await store();
    }
    if (text) await store();
    return bytes;
  }
}

async function bytesOf(tx: Transaction, number: string): Promise<number> {
  const [{ bytes }] = await tx.query<[{ bytes: string }]>('SELECT bytes FROM document WHERE number = $1', [
    number,
  ]);
  return Number(bytes);
}
