import { Inject, Injectable, Logger } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { type AuditEvent, type Change, recordAudit, worker } from '@ansinh/audit';
import { type Actor, scopeOf } from '@ansinh/auth';
import { inTransaction, type Page, pageOf, readCursor, type Transaction } from '@ansinh/database';
import { type Command, Commands } from '@ansinh/idempotency';
import { ProblemError } from '@ansinh/problem';
import { digestOf } from '../audit/record-digest.js';
import { type PaymentChannels, paymentChannels } from '../channel/payment-channel.js';
import { withSpooled } from '@ansinh/uploads';
import type { BankFile } from '../statement/statement-file.js';
import { StatementService } from '../statement/statement.service.js';
import { refusalOf } from './refusal-log.js';
import type { RefusedDocumentQuery, RefusedDocumentView } from './refused-document.dto.js';
import { refusedDocumentProblems } from './refused-document.problems.js';

const documentBytesMax = 2 * 1024 ** 3;

interface StoredDocument {
  id: string;
  fundId: string;
  bankDocument: string;
  channel: string;
  office: string;
  /** The database's clock as the attempt begins. */
  startedAt: Date;
}

const storedColumns = `refused.id, refused.fund_id AS "fundId", refused.bank_document AS "bankDocument",
  fund.channel, fund.office_code AS office, clock_timestamp() AS "startedAt"`;

const viewColumns = `refused.id, refused.fund_id AS "fundId", refused.bank_document AS "bankDocument", refused.kind,
  refused.document_id AS "documentId", refused.sequence::int AS sequence, refused.code, refused.reason,
  refused.is_waiting AS waiting, refused.state AS status, refused.attempts, refused.refused_at AS "refusedAt",
  refused.taken_at AS "takenAt", refused.taken_by AS "takenBy"`;

const fromDocuments = 'FROM refused_document refused JOIN fund ON fund.id = refused.fund_id';

/**
 * Documents from the banks' outboxes that were refused. The bank keeps them: one is fetched again by its id there, by a
 * person who has put right what was wrong, or by the worker when the statement that was missing has come.
 */
@Injectable()
export class RefusedDocumentService {
  private readonly logger = new Logger('refused-documents');

  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    @Inject(paymentChannels) private readonly channels: PaymentChannels,
    private readonly commands: Commands,
    private readonly statements: StatementService,
  ) {}

  /** Oldest first: what waits longest is on top. */
  async list(actor: Actor, query: RefusedDocumentQuery): Promise<Page<RefusedDocumentView>> {
    const after = readCursor(query.after, 'uuid')?.[0] ?? null;
    const rows = (await inTransaction(this.dataSource, scopeOf(actor), (tx) =>
      tx.query(
        `SELECT ${viewColumns} ${fromDocuments}
         WHERE ($1::text IS NULL OR refused.state = $1) AND ($2::uuid IS NULL OR refused.fund_id = $2)
           AND ($3::uuid IS NULL OR refused.id > $3)
         ORDER BY refused.id LIMIT $4`,
        [query.status ?? null, query.fundId ?? null, after, query.limit + 1],
      ),
    )) as RowView[];
    return pageOf(rows.map(toView), query.limit, ({ id }) => [id]);
  }

  /** @throws ProblemError REFUSED_DOCUMENT_NOT_FOUND, REFUSED_DOCUMENT_TAKEN, BANK_SILENT, or why it is refused again */
  async retry(id: string, command: Command): Promise<RefusedDocumentView> {
    const document = await this.find(id, command.actor);
    const { actor, requestId } = command;
    try {
      return await this.withFile(document, (file) =>
        this.commands.run(command, 'refusedDocument.retry', async (tx) => {
          const change = await this.take(tx, document, file, actor.id);
          return { result: await viewOf(tx, id), ...change };
        }),
      );
    } catch (error) {
      if (!(error instanceof ProblemError) || isAboutState(error)) throw error;
      await this.noteAgain(document, error, {
        actorId: actor.id,
        actorName: actor.name,
        office: actor.office,
        requestId,
      });
      throw error;
    }
  }

  /** Takes in what waited for a statement that has come since. One after the other, since each may be what the next waits for. */
  async retryWaiting(fundId: string): Promise<void> {
    for (;;) {
      const [document] = (await inTransaction(this.dataSource, 'system', (tx) =>
        tx.query(
          `SELECT ${storedColumns} ${fromDocuments}
           WHERE refused.fund_id = $1 AND refused.state = 'open' AND refused.is_waiting
             AND EXISTS (SELECT FROM statement WHERE statement.fund_id = $1 AND statement.at > refused.tried_at)
           ORDER BY refused.sequence NULLS LAST, refused.id LIMIT 1`,
          [fundId],
        ),
      )) as StoredDocument[];
      if (!document) return;
      await this.retryByWorker(document);
    }
  }

  private async retryByWorker(document: StoredDocument): Promise<void> {
    const about = { ...worker, office: document.office, requestId: `retry-${document.id}` };
    try {
      await this.withFile(document, (file) =>
        inTransaction(this.dataSource, 'system', async (tx) => {
          const change = await this.take(tx, document, file, worker.actorId);
          await recordAudit(tx, { ...about, verb: 'refusedDocument.retry', ...change });
        }),
      );
    } catch (error) {
      if (!(error instanceof ProblemError)) throw error;
      // Another worker was faster.
      if (isAboutState(error)) return;
      this.logger.warn({ err: error, document: document.id }, 'document of the bank refused again');
      await this.noteAgain(document, error, about);
    }
  }

  /** @throws ProblemError BANK_SILENT, STATEMENT_UNREADABLE */
  private async withFile<T>(document: StoredDocument, work: (file: BankFile) => Promise<T>): Promise<T> {
    const channel = this.channels[document.channel];
    if (!channel) throw new Error(`there is no channel ${document.channel}`);
    let content;
    try {
      content = await channel.document(document.bankDocument);
    } catch (error) {
      this.logger.warn(
        { err: error, document: document.id },
        'the bank does not hand out a refused document',
      );
      throw new ProblemError(refusedDocumentProblems.bankSilent);
    }
    return withSpooled(content, documentBytesMax, async (path) => work(await this.statements.read(path)));
  }

  private async take(
    tx: Transaction,
    { id, fundId }: StoredDocument,
    file: BankFile,
    by: string,
  ): Promise<Change> {
    const before = await lockOpen(tx, id);
    await this.statements.import(tx, file, { id: by === worker.actorId ? 'system' : by, fundId });
    await tx.query(
      `UPDATE refused_document SET state = 'taken', attempts = attempts + 1, taken_at = clock_timestamp(), taken_by = $2
       WHERE id = $1`,
      [id, by],
    );
    return { subject: `refusedDocument/${id}`, before, after: await digestOf(tx, 'refusedDocument', id) };
  }

  /** It is refused again, perhaps for another reason. */
  private async noteAgain(
    { id, startedAt }: StoredDocument,
    error: ProblemError,
    about: Pick<AuditEvent, 'actorId' | 'actorName' | 'office' | 'requestId'>,
  ): Promise<void> {
    const { code, reason, isWaiting } = refusalOf(error);
    await inTransaction(this.dataSource, 'system', async (tx) => {
      const before = await lockOpen(tx, id);
      await tx.query(
        `UPDATE refused_document SET code = $2, reason = $3, is_waiting = $4, attempts = attempts + 1, tried_at = $5
         WHERE id = $1`,
        [id, code, JSON.stringify(reason), isWaiting, startedAt],
      );
      const change = {
        subject: `refusedDocument/${id}`,
        before,
        after: await digestOf(tx, 'refusedDocument', id),
      };
      await recordAudit(tx, { ...about, verb: 'statement.refuse', ...change, facts: { code } });
    });
  }

  private async find(id: string, actor: Actor): Promise<StoredDocument> {
    const [document] = (await inTransaction(this.dataSource, scopeOf(actor), (tx) =>
      tx.query(`SELECT ${storedColumns} ${fromDocuments} WHERE refused.id = $1`, [id]),
    )) as StoredDocument[];
    if (!document) throw new ProblemError(refusedDocumentProblems.notFound);
    return document;
  }
}

const isAboutState = ({ definition }: ProblemError) =>
  Object.values<object>(refusedDocumentProblems).includes(definition);

/** @returns the document's digest as it was. @throws ProblemError REFUSED_DOCUMENT_TAKEN */
async function lockOpen(tx: Transaction, id: string): Promise<string | null> {
  const [row] = (await tx.query('SELECT state FROM refused_document WHERE id = $1 FOR UPDATE', [id])) as {
    state: string;
  }[];
  if (row?.state !== 'open') throw new ProblemError(refusedDocumentProblems.taken);
  return digestOf(tx, 'refusedDocument', id);
}

type RowView = Omit<RefusedDocumentView, 'refusedAt' | 'takenAt'> & { refusedAt: Date; takenAt: Date | null };

function toView({ refusedAt, takenAt, ...row }: RowView): RefusedDocumentView {
  return { ...row, refusedAt: refusedAt.toISOString(), takenAt: takenAt?.toISOString() ?? null };
}

async function viewOf(tx: Transaction, id: string): Promise<RefusedDocumentView> {
  const [row] = (await tx.query(`SELECT ${viewColumns} ${fromDocuments} WHERE refused.id = $1`, [
    id,
  ])) as RowView[];
  return toView(row!);
}
