import { fileURLToPath } from 'node:url';
import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { Piscina } from 'piscina';
import type { ListRows, StagedText } from '../import/staged-text.js';
import type { ThreadKeys } from './thread.js';

export const threadKeys = Symbol('keys of the threads');

/** More would only take turns on the cores that PostgreSQL needs too. */
const threadsMax = 2;
const idleMs = 30_000;
/** What one task makes is garbage when it ends: in a larger room most of it is never copied. */
const youngGenerationMb = 48;

/** Reading lists of a million people, off the thread that answers requests. The functions stand in `thread.ts`. */
@Injectable()
export class Threads implements OnApplicationShutdown {
  private readonly pool: Piscina;

  constructor(@Inject(threadKeys) { sealingKeys, lookupKey }: ThreadKeys) {
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
      resourceLimits: { maxYoungGenerationSizeMb: youngGenerationMb },
      // A thread that sleeps in Atomics.wait hears nothing of the files that it has open.
      atomics: 'disabled',
    });
  }

  /** Checks rows of a list, keys and seals them, and writes them as text for COPY. */
  async stageRows(rows: ListRows): Promise<StagedText> {
    return (await this.pool.run(rows, { name: 'stageRows' })) as StagedText;
  }

  /** After the modules: a request that ends during the stop still needs it. */
  async onApplicationShutdown(): Promise<void> {
    await this.pool.destroy();
  }
}
