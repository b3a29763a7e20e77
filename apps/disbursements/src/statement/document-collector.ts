import { Inject, Injectable, Logger } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { recordAudit, worker } from '@ansinh/audit';
import { inTransaction, type Transaction } from '@ansinh/database';
import { ProblemError } from '@ansinh/problem';
import { startTrace } from '@ansinh/telemetry';
import {
  AccountUnknown,
  type BankDocument,
  type PaymentChannel,
  type PaymentChannels,
  paymentChannels,
} from '../channel/payment-channel.js';
import { digestOf } from '../audit/record-digest.js';
import { outcomeOf } from '../outcome.js';
import { Recoverer } from '../recovery/recoverer.js';
import { sendingStanding } from '../recovery/sending-gate.js';
import { noteRefusal } from '../refused-document/refusal-log.js';
import { RefusedDocumentService } from '../refused-document/refused-document.service.js';
import { withSpooled } from '@ansinh/uploads';
import type { BankFile } from './statement-file.js';
import { StatementService } from './statement.service.js';

/** Ids alone. Each round ends with a wait for its last document, in which no other is read. */
const documentsPerRound = 100;
/** One for each thread that reads. */
const documentsAhead = 2;
const documentBytesMax = 2 * 1024 ** 3;

interface CollectedFund {
  id: string;
  code: string;
  channel: string;
  account_number: string;
  office_code: string;
}

/** A document's way in the outbox. */
interface Step {
  id: string;
  from: string;
  to: string;
}

/**
 * Once books were lost, a fund may have money on its way of which they know nothing: then the outboxes of all are read.
 */
const fundsToRead = `
SELECT id, code, channel, account_number, office_code FROM fund
WHERE EXISTS (SELECT FROM batch WHERE batch.fund_id = fund.id
              AND batch.state IN ('transmitting', 'paused', 'transmitted', 'reconciled'))
   OR EXISTS (SELECT FROM recovery)`;

/** What came of a document: a file to import, or the refusal with which it is passed over. */
type Taken = BankFile | { refusal: ProblemError; file: BankFile | null };

/** Reads the bank's outbox of each account that has money on its way, and imports what is new. */
@Injectable()
export class DocumentCollector {
  private readonly logger = new Logger('document-collector');

  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    @Inject(paymentChannels) private readonly channels: PaymentChannels,
    private readonly statements: StatementService,
    private readonly refused: RefusedDocumentService,
    private readonly recoverer: Recoverer,
  ) {}

  /**
   * One round over all funds. A fund whose bank does not answer does not keep the others waiting.
   * @param stopping ends the round between two documents
   */
  async collect(stopping?: AbortSignal): Promise<void> {
    const { standing, funds } = await inTransaction(this.dataSource, 'system', async (tx) => ({
      standing: await sendingStanding(tx),
      funds: (await tx.query(fundsToRead)) as CollectedFund[],
    }));
    // What the books never sent is put on its way by the answers first; then its payments find the money in flight.
    if (standing === 'due' || standing === 'asking') return;
    const unread: string[] = [];
    for (const fund of funds) {
      const channel = this.channels[fund.channel];
      if (!channel || stopping?.aborted) continue;
      try {
        if (!(await this.collectFund(fund, channel, stopping))) unread.push(fund.code);
        else await this.refused.retryWaiting(fund.id);
      } catch (error) {
        this.logger.warn({ err: error, fund: fund.code }, 'documents of the bank not collected');
        if (!(error instanceof AccountUnknown)) unread.push(fund.code);
      }
    }
    // Who was told to stop has not looked at everything, whatever was read until then.
    if (standing === 'collecting' && !stopping?.aborted) await this.recoverer.noteCollected(unread);
  }

  /** @returns whether all of them are read; not when the process stops, or another worker reads the same outbox */
  private async collectFund(
    fund: CollectedFund,
    channel: PaymentChannel,
    stopping?: AbortSignal,
  ): Promise<boolean> {
    while (!stopping?.aborted) {
      const after = await this.cursorOf(fund);
      const documents = await channel.documents(fund.account_number, after, documentsPerRound);
      const isMine = await this.importInOrder(fund, channel, documents, { after, stopping });
      if (!isMine || documents.length < documentsPerRound) return isMine && !stopping?.aborted;
    }
    return false;
  }

  /** While PostgreSQL takes one document in, the next ones are fetched and read; few, so that the disk holds few. */
  private async importInOrder(
    fund: CollectedFund,
    channel: PaymentChannel,
    documents: BankDocument[],
    { after, stopping }: { after: string; stopping?: AbortSignal },
  ): Promise<boolean> {
    let from = after;
    let before = outcomeOf(Promise.resolve(true));
    const running: (typeof before)[] = [];
    try {
      for (const document of documents) {
        if (stopping?.aborted) break;
        const next = { ...document, from, before };
        before = outcomeOf(startTrace('bank document', {}, () => this.takeDocument(fund, channel, next)));
        running.push(before);
        from = document.cursor;
        if (running.length > documentsAhead && !(await running.shift()!)()) return false;
      }
      return (await before)();
    } finally {
      await before;
    }
  }

  /**
   * Reads a document, waits for the one before it, and imports it. One that is refused is noted and passed over: one bad
   * file must not hold up all that come after it.
   */
  private async takeDocument(
    fund: CollectedFund,
    channel: PaymentChannel,
    { id, from, cursor, before }: BankDocument & { from: string; before: Promise<() => boolean> },
  ): Promise<boolean> {
    const content = await channel.document(id);
    return withSpooled(content, documentBytesMax, async (path) => {
      const file = await outcomeOf(this.statements.read(path));
      if (!(await before)()) return false;
      const step = { id, from, to: cursor };
      let read = null as BankFile | null;
      try {
        read = file();
        return await this.advance(fund, step, read);
      } catch (error) {
        if (!(error instanceof ProblemError)) throw error;
        this.logger.error(
          { err: error, document: id, fund: fund.code },
          'document of the bank refused, passed over',
        );
        return this.advance(fund, step, { refusal: error, file: read });
      }
    });
  }

  private async cursorOf(fund: CollectedFund): Promise<string> {
    return inTransaction(this.dataSource, 'system', async (tx) => {
      await tx.query(`INSERT INTO bank_cursor (fund_id, cursor) VALUES ($1, '0') ON CONFLICT DO NOTHING`, [
        fund.id,
      ]);
      const [row] = (await tx.query('SELECT cursor FROM bank_cursor WHERE fund_id = $1', [fund.id])) as {
        cursor: string;
      }[];
      return row!.cursor;
    });
  }

  /** Imports and moves the cursor in one transaction. @returns false when the cursor is no longer where it was */
  private async advance(fund: CollectedFund, step: Step, taken: Taken): Promise<boolean> {
    return inTransaction(this.dataSource, 'system', async (tx) => {
      const [moved] = (await tx.query(
        'UPDATE bank_cursor SET cursor = $3 WHERE fund_id = $1 AND cursor = $2 RETURNING cursor',
        [fund.id, step.from, step.to],
      )) as [object[], number];
      if (moved.length === 0) return false;
      await this.take(tx, fund, step, taken);
      return true;
    });
  }

  /** One that was known already changes nothing, and leaves no event. */
  private async take(tx: Transaction, fund: CollectedFund, step: Step, taken: Taken): Promise<void> {
    const document = `document/${fund.code}/${step.to}`;
    const about = { ...worker, office: fund.office_code, requestId: `collect-${fund.code}-${step.to}` };
    if ('refusal' in taken) {
      const { refusal, file } = taken;
      const id = await noteRefusal(tx, { fundId: fund.id, bankDocument: step.id, file }, refusal);
      await recordAudit(tx, {
        ...about,
        verb: 'statement.refuse',
        subject: `refusedDocument/${id}`,
        before: null,
        after: await digestOf(tx, 'refusedDocument', id),
        facts: { document, code: refusal.definition.code },
      });
      return;
    }
    const { items, change } = await this.statements.import(tx, taken, { id: 'system', fundId: fund.id });
    if (change.before === change.after) return;
    await recordAudit(tx, { ...about, verb: 'statement.import', ...change, facts: { document, items } });
  }
}
