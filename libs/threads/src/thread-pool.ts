import { fileURLToPath } from 'node:url';
import type { OnApplicationShutdown } from '@nestjs/common';
import { Piscina } from 'piscina';

/** What a thread seals and looks up by, in the form of the environment. */
export interface ThreadKeys {
  sealingKeys: string;
  lookupKey: string;
}

/** More would only take turns on the cores that PostgreSQL needs too. */
const threadsMax = 2;
const idleMs = 30_000;

/** Threads for work that would keep a service from answering. Its functions stand in `thread.ts`, beside the class that extends this. */
export abstract class ThreadPool implements OnApplicationShutdown {
  private readonly pool: Piscina;

  /** @param url of the extending class */
  constructor(url: string, { sealingKeys, lookupKey }: ThreadKeys) {
    const workerData: ThreadKeys = { sealingKeys, lookupKey };
    this.pool = new Piscina({
      // Threads know nothing of TypeScript: tests, which run on the sources, use the built file too.
      filename: fileURLToPath(new URL('thread.js', url.replace('/src/threads/', '/dist/threads/'))),
      workerData,
      minThreads: 0,
      maxThreads: threadsMax,
      idleTimeout: idleMs,
      // A thread that sleeps in Atomics.wait hears nothing of the files that it has open.
      atomics: 'disabled',
    });
  }

  /** After the modules: a job or request that ends during the stop still needs it. */
  async onApplicationShutdown(): Promise<void> {
    await this.pool.destroy();
  }

  protected async run<Task, Result>(name: string, task: Task): Promise<Result> {
    return (await this.pool.run(task, { name })) as Result;
  }
}
