import { fileURLToPath } from 'node:url';
import { MessageChannel, type MessagePort } from 'node:worker_threads';
import { Inject, Injectable, type OnModuleDestroy } from '@nestjs/common';
import { Piscina } from 'piscina';
import { Iso20022Error } from '@ansinh/iso20022';
import { ListError } from '@ansinh/payment-list';
import { type Config, configToken } from '../config.js';
import type { BankFile } from '../statement/statement-file.js';
import type { MessageParts, WrittenMessage } from '../transmission/message-text.js';
import type { ListParts, ListPiece, WrittenList } from '../list-import/list-text.js';
import type { Outcome, ThreadKeys } from './thread.js';

/** More would only take turns on the cores that PostgreSQL needs too. */
const threadsMax = 2;
const idleMs = 30_000;

/**
 * Reading and writing files of hundreds of thousands of payments, off the thread that answers requests and PostgreSQL.
 * The functions themselves stand in `thread.ts`.
 */
@Injectable()
export class Threads implements OnModuleDestroy {
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
      // A thread that sleeps in Atomics.wait would not hear the port of a list.
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

  /** Makes the message of a chunk. @throws Error when the chunk's numbers do not open or a value may not travel */
  writeMessage(parts: MessageParts): Promise<WrittenMessage> {
    return this.run<MessageParts, WrittenMessage>('writeMessage', parts);
  }

  /**
   * Reads a list and hands over its lines, ready for COPY, as fast as `take` takes them.
   * @throws ListError, and what `take` throws
   */
  async writeList(parts: ListParts, take: (lines: Uint8Array) => Promise<void>): Promise<WrittenList> {
    const { port1: ours, port2: theirs } = new MessageChannel();
    const taking = takePieces(ours, take);
    try {
      const task = { ...parts, port: theirs };
      const [written] = await Promise.all([
        this.run<typeof task, WrittenList>('writeList', task, [theirs]),
        taking,
      ]);
      return written;
    } finally {
      // Ends the thread's waiting too, when it was we who failed.
      ours.close();
    }
  }

  async onModuleDestroy(): Promise<void> {
    await this.pool.destroy();
  }

  private async run<Task, Result>(
    name: string,
    task: Task,
    transferList: MessagePort[] = [],
  ): Promise<Result> {
    const outcome = (await this.pool.run(task, { name, transferList })) as Outcome<Result>;
    if ('result' in outcome) return outcome.result;
    const { refusal } = outcome;
    if (refusal.kind === 'list') throw new ListError(refusal.code, refusal.facts);
    throw new Iso20022Error(refusal.code, refusal.message, refusal.element);
  }
}

/** Takes the pieces one after the other, and asks for the next when one was taken. */
function takePieces(port: MessagePort, take: (lines: Uint8Array) => Promise<void>): Promise<void> {
  return new Promise((resolve, reject) => {
    port.on('close', resolve);
    port.on('message', (lines: ListPiece) => {
      take(lines).then(() => port.postMessage('taken'), reject);
    });
  });
}
