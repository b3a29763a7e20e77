import { Inject, Injectable } from '@nestjs/common';
import { Iso20022Error } from '@ansinh/iso20022';
import { ThreadPool } from '@ansinh/threads';
import type { CashListParts } from '../cash-list/cash-list-file.js';
import { type Config, configToken } from '../config.js';
import type { BankFile } from '../statement/statement-file.js';
import type { MessageParts, WrittenMessage } from '../transmission/message-text.js';
import type { ListRows, WrittenLines } from '../list-import/line-text.js';
import type { Outcome } from './thread.js';

/**
 * Reading and writing files of hundreds of thousands of payments, off the thread that answers requests and PostgreSQL.
 * The functions themselves stand in `thread.ts`.
 */
@Injectable()
export class Threads extends ThreadPool {
  private lastPaper: Promise<unknown> = Promise.resolve();

  constructor(@Inject(configToken) config: Config) {
    super(import.meta.url, config);
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

  /**
   * Makes the file of a cash list, after those asked for before: a thread holds some 100 MB for one, and two at once would be
   * more than the service may have.
   * @throws Error when the list's numbers do not open or are not those that were signed
   */
  writeCashList(parts: CashListParts): Promise<Uint8Array> {
    const paper = this.lastPaper.then(() => this.run<CashListParts, Uint8Array>('writeCashList', parts));
    // Whoever asked for a paper hears of its failure; the next one only waits for its end.
    this.lastPaper = Promise.allSettled([paper]);
    return paper;
  }

  /** @throws Iso20022Error where the thread refused */
  protected override async run<Task, Result>(name: string, task: Task): Promise<Result> {
    const outcome = await super.run<Task, Outcome<Result>>(name, task);
    if ('result' in outcome) return outcome.result;
    const { code, message, element } = outcome.refusal;
    throw new Iso20022Error(code, message, element);
  }
}
