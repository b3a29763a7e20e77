import { fileURLToPath } from 'node:url';
import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { Piscina } from 'piscina';
import { Iso20022Error } from '@ansinh/iso20022';
import type { CashListParts } from '../cash-list/cash-list-file.js';
import { type Config, configToken } from '../config.js';
import type { BankFile } from '../statement/statement-file.js';
import type { MessageParts, WrittenMessage } from '../transmission/message-text.js';
import type { ListRows, WrittenLines } from '../list-import/line-text.js';
import type { Outcome, ThreadKeys } from './thread.js';

/** More would only take turns on the cores that PostgreSQL needs too. */
const threadsMax = 2;
const idleMs = 30_000;

/**
 * Reading and writing files of hundreds of thousands of payments, off the thread that answers requests and PostgreSQL.
 * The functions themselves stand in `thread.ts`.
 */
@Injectable()
export class Threads implements OnApplicationShutdown {
  private readonly pool: Piscina;

  constructor(@Inject(configToken) { sealingKeys, lookupKey }: Config) {
    const workerData: ThreadKeys = { sealingKeys, lookupKey };
    this.pool = new Piscina({
      // Threads know nothing of TypeScript: tests, which run on the sources, use the built file too.
      filename: fileURLToPath(
        new URL('thread.js', import.meta.url.replace('/src/threads/', '/dist/threads/')),
      ),
      workerData,
      minThreads: 0,
      maxThreads: threadsMax,
      idleTimeout: idleMs,
      // A thread that sleeps in Atomics.wait hears nothing of the files that it has open.
      atomics: 'disabled',
    });
  }

  /**
   * Reads a file of a bank. What it says of single payments lies beside it afterwards, ready for COPY.
   * @throws Iso20022Error
   */
  readBankFile(path: string): Promise<BankFile> {
    return this.run<string, BankFile>('readBankFile', path);
  }

  /** Writes the rows of a bank's file that was read before, where they turn out to be needed. */
  writeRows(path: string): Promise<void> {
    return this.run<string, void>('writeRows', path);
  }

  /** Makes the message of a chunk. @throws Error when the chunk's numbers do not open or a value may not travel */
  writeMessage(parts: MessageParts): Promise<WrittenMessage> {
    return this.run<MessageParts, WrittenMessage>('writeMessage', parts);
  }

  /** Checks rows of a list and writes them as text for COPY. */
  writeLines(rows: ListRows): Promise<WrittenLines> {
    return this.run<ListRows, WrittenLines>('writeLines', rows);
  }

  /** Makes the file of a cash list. @throws Error when the list's numbers do not open or are not those that were signed */
  writeCashList(parts: CashListParts): Promise<Uint8Array> {
    return this.run<CashListParts, Uint8Array>('writeCashList', parts);
  }

  /** After the modules: a job or request that ends during the stop still needs it. */
  async onApplicationShutdown(): Promise<void> {
    await this.pool.destroy();
  }

  private async run<Task, Result>(name: string, task: Task): Promise<Result> {
    const outcome = (await this.pool.run(task, { name })) as Outcome<Result>;
    if ('result' in outcome) return outcome.result;
    const { code, message, element } = outcome.refusal;
    throw new Iso20022Error(code, message, element);
  }
}
