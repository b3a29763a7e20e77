import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import type { Change } from '@ansinh/audit';
import { type Actor, scopeOf } from '@ansinh/auth';
import { inTransaction, type Page, pageOf, readCursor, type Transaction } from '@ansinh/database';
import { type Command, Commands, withFile } from '@ansinh/idempotency';
import { Iso20022Error } from '@ansinh/iso20022';
import { ProblemError } from '@ansinh/problem';
import type { PageQuery } from '@ansinh/service';
import { digestOf } from '../audit/record-digest.js';
import type { BankAnswer } from '../channel/payment-channel.js';
import { withSpooled } from '@ansinh/uploads';
import { recordAnswer } from '../transmission/record-answer.js';
import { importCamt } from './camt-import.js';
import type { StatementView } from './statement.dto.js';
import { Threads } from '../threads/threads.js';
import type { BankFile } from './statement-file.js';
import { statementProblems } from './statement.problems.js';

/** Largest bank file that is taken: a detailed statement of a million payments is some 700 MB. */
const statementBytesMax = 2 * 1024 ** 3;

interface ImportedBy {
  id: string;
  /** The fund whose outbox the file was in. */
  fundId?: string;
}

/** What a file held, and what the audit log says of it. */
interface Imported {
  items: StatementView[];
  change: Change;
}

/** Takes in what banks say: statements, notifications and status reports, by upload or from the bank's outbox. */
@Injectable()
export class StatementService {
  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    private readonly commands: Commands,
    private readonly threads: Threads,
  ) {}

  /** @throws ProblemError one of `statementProblems` */
  async upload(source: AsyncIterable<Uint8Array>, command: Command): Promise<{ items: StatementView[] }> {
    return withSpooled(source, statementBytesMax, async (path) => {
      const file = await this.read(path);
      return this.commands.run(withFile(command, file.digest), 'statement.import', async (tx) => {
        const { items, change } = await this.import(tx, file, { id: command.actor.id });
        return { result: { items }, ...change, facts: { items } };
      });
    });
  }

  /**
   * Reads a file. Its statements lie beside it afterwards, so it must not be removed before they are imported.
   * @throws ProblemError STATEMENT_UNREADABLE
   */
  async read(path: string): Promise<BankFile> {
    try {
      return await this.threads.readBankFile(path);
    } catch (error) {
      if (!(error instanceof Iso20022Error)) throw error;
      const isCurrency = error.code === 'WRONG_CURRENCY';
      throw new ProblemError(isCurrency ? statementProblems.otherCurrency : statementProblems.unreadable, {
        detail: { vi: `${error.code}: ${error.message}`, en: `${error.code}: ${error.message}` },
        extensions: { iso20022: error.code, ...(isCurrency && { expected: 'VND' }) },
      });
    }
  }

  /** Imports what was read, inside the caller's transaction. */
  async import(tx: Transaction, file: BankFile, { id: importedBy, fundId }: ImportedBy): Promise<Imported> {
    if ('answer' in file) return importStatusReport(tx, file.answer, file.digest);
    const { digest, path, statements } = file;
    const writeRows = () => this.threads.writeRows(path);
    const items = await importCamt(statements, { tx, digest, importedBy, fundId, writeRows });
    const after = await digestOf(tx, 'statement', file.digest);
    const isKnown = items.every(({ alreadyImported }) => alreadyImported);
    const change = { subject: `statement/${items[0]?.documentId}`, before: isKnown ? after : null, after };
    return { items, change };
  }

  async list(actor: Actor, query: PageQuery): Promise<Page<StatementView>> {
    const after = readCursor(query.after, 'uuid')?.[0] ?? null;
    const rows = (await inTransaction(this.dataSource, scopeOf(actor), (tx) =>
      tx.query(
        `SELECT id, kind, document_id AS "documentId", entries, matched, exceptions, false AS "alreadyImported"
         FROM statement WHERE $1::uuid IS NULL OR id < $1 ORDER BY id DESC LIMIT $2`,
        [after, query.limit + 1],
      ),
    )) as StatementView[];
    return pageOf(rows, query.limit, (row) => [row.id!]);
  }
}

async function importStatusReport(tx: Transaction, answer: BankAnswer, digest: string): Promise<Imported> {
  const reference = `${answer.messageId}/${digest.slice(0, 16)}`;
  const recorded = await recordAnswer(tx, answer, reference);
  if (recorded === null) throw new ProblemError(statementProblems.unknownMessage);
  const item = {
    id: null,
    kind: 'pain.002',
    documentId: answer.messageId,
    entries: answer.refused.length,
    matched: answer.refused.length,
    exceptions: 0,
    alreadyImported: false,
  };
  const after = await digestOf(tx, 'message', answer.messageId);
  return { items: [item], change: { subject: `message/${answer.messageId}`, ...recorded, after } };
}
