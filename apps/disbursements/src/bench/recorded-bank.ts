import { createReadStream, createWriteStream, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { todayInVietnam, vietnamTime } from '@ansinh/calendar';
import {
  type CamtEntry,
  type CamtHeader,
  type CamtTransaction,
  parsePain001,
  writeCamt053,
  writeCamt054,
  writePain002,
} from '@ansinh/iso20022';
import { readStatusReport } from '../channel/iso20022-http.channel.js';
import type { BankAnswer, BankDocument, PaymentChannel } from '../channel/payment-channel.js';

interface Settled {
  messageId: string;
  count: number;
  total: bigint;
}

/**
 * A bank without a network and without books, for measuring what is ours alone. It takes every message, and writes the
 * documents that a real bank would send between the steps that are measured. Files, not memory: the process keeps the
 * size that it has in service.
 */
export class RecordedBank implements PaymentChannel {
  readonly isByHand = false;
  /** Time in which the process was this bank and not us, in seconds. */
  ownSeconds = 0;
  private readonly messages: string[] = [];
  private readonly settled: Settled[] = [];
  private readonly outbox: string[] = [];

  constructor(
    private readonly folder: string,
    private readonly account: CamtHeader['account'],
    private readonly openingBalance: bigint,
  ) {}

  async send(messageId: string, message: Uint8Array): Promise<BankAnswer> {
    const answer = this.asBank(() => {
      writeFileSync(this.fileOf(messageId), message, { mode: 0o600 });
      this.messages.push(messageId);
      return writePain002(
        {
          messageId: `ACK-${messageId}`,
          createdAt: vietnamTime(),
          originalMessageId: messageId,
          originalMessageName: 'pain.001.001.10',
          originalPaymentInformationId: messageId,
          originalCount: 1,
          groupStatus: 'ACTC',
        },
        [],
      );
    });
    return readStatusReport(answer);
  }

  query(): Promise<BankAnswer | null> {
    return Promise.reject(new Error('every message of this bank is answered at once'));
  }

  documents(_account: string, after: string, limit: number): Promise<BankDocument[]> {
    const documents = this.outbox.map((id, index) => ({ cursor: String(index + 1), id }));
    return Promise.resolve(documents.slice(Number(after), Number(after) + limit));
  }

  document(id: string): Promise<AsyncIterable<Uint8Array>> {
    return Promise.resolve(createReadStream(this.fileOf(id)));
  }

  /** Reads every message that came and publishes the notification (camt.054) of its settlement. */
  async settle(): Promise<void> {
    for (const messageId of this.messages) {
      const transactions = await this.readMessage(messageId);
      const total = transactions.reduce((sum, { amount }) => sum + amount, 0n);
      const message = { messageId, count: transactions.length, total };
      const id = `NTF-${this.outbox.length + 1}`;
      await this.publish(id, writeCamt054(this.headerOf(id), [this.entryOf(message, transactions)]));
      this.settled.push(message);
    }
  }

  /** Publishes the day's statement (camt.053): one sum a message. */
  async drawStatement(): Promise<void> {
    const id = 'STM-1';
    const debited = this.settled.reduce((sum, { total }) => sum + total, 0n);
    const header = {
      ...this.headerOf(id),
      sequence: 1,
      on: todayInVietnam(),
      opening: this.openingBalance,
      closing: this.openingBalance - debited,
    };
    const entries = this.settled.map((message) => this.entryOf(message));
    await this.publish(id, writeCamt053(header, entries));
  }

  private async readMessage(messageId: string): Promise<CamtTransaction[]> {
    const transactions: CamtTransaction[] = [];
    for await (const events of parsePain001(readFileSync(this.fileOf(messageId)))) {
      for (const event of events) {
        if (event.kind !== 'transaction') continue;
        transactions.push({
          endToEndId: event.endToEndId,
          amount: event.amount,
          direction: 'debit',
          reference: `BK${this.settled.length + 1}-${transactions.length + 1}`,
          creditorAccount: event.creditorAccount,
          creditorBin: event.creditorBin!,
        });
      }
    }
    return transactions;
  }

  private headerOf(id: string): CamtHeader {
    return { messageId: id, id, createdAt: vietnamTime(), account: this.account };
  }

  private entryOf({ messageId, count, total }: Settled, transactions?: CamtTransaction[]): CamtEntry {
    return {
      amount: total,
      direction: 'debit',
      bookedOn: todayInVietnam(),
      reference: `BK-${messageId}`,
      batch: { messageId, count, total },
      ...(transactions && { transactions: [transactions] }),
    };
  }

  private async publish(id: string, content: AsyncGenerator<string>): Promise<void> {
    await pipeline(Readable.from(content), createWriteStream(this.fileOf(id), { mode: 0o600 }));
    this.outbox.push(id);
  }

  private asBank<T>(work: () => T): T {
    const startedAt = performance.now();
    const result = work();
    this.ownSeconds += (performance.now() - startedAt) / 1_000;
    return result;
  }

  private fileOf(id: string): string {
    return join(this.folder, `${id}.xml`);
  }
}
