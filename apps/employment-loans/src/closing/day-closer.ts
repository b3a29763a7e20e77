import {
  Inject,
  Injectable,
  Logger,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
  type OnModuleDestroy,
} from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { Worker } from 'bullmq';
import { DataSource } from 'typeorm';
import { inTransaction } from '@ansinh/database';
import { HintQueue, processHints } from '@ansinh/queue';
import { repeat } from '@ansinh/service';
import { type WorkerConfig, workerConfigToken } from '../worker-config.js';
import { closeChunk } from './close-chunk.js';
import { startYesterday } from './start-closing.js';

const closingQueue = 'employment-loans-closing';

/**
 * So many chunks of a day each process has in hand at once: while one is folded, PostgreSQL reads or writes the other. As many hints
 * are given at a time, and given anew under another name while those are worked on: two processes come to have four in hand.
 */
const lanes = [0, 1] as const;

interface ClosingHint {
  day: string;
  lane: number;
}

/**
 * A worker that died holds its hint until the queue notices; by then the same hint has another name, and is given anew. A hint that
 * comes twice does nothing: which loans are due stands in their rows.
 */
const renamedAfterMs = 10_000;

/** Starts the closing of each day that has ended, and carries it out, chunk by chunk. Where one stops in the middle, any other goes on with what is left. */
@Injectable()
export class DayCloser implements OnApplicationBootstrap, OnModuleDestroy, OnApplicationShutdown {
  private readonly logger = new Logger('day-closer');
  private readonly stopping = new AbortController();
  private readonly hints: HintQueue<ClosingHint>;
  private worker: Worker | undefined;
  private loop: Promise<void> | undefined;

  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    @Inject(workerConfigToken) private readonly config: WorkerConfig,
  ) {
    this.hints = new HintQueue(closingQueue, config, this.logger);
  }

  onApplicationBootstrap(): void {
    const { config, logger } = this;
    this.worker = processHints<ClosingHint>(
      closingQueue,
      config,
      logger,
      { concurrency: lanes.length },
      ({ day }) => this.close(day),
    );
    this.loop = repeat({ pauseMs: config.sweepMs, signal: this.stopping.signal, logger }, () => this.sweep());
  }

  /** The chunk under way ends first. */
  async onModuleDestroy(): Promise<void> {
    this.stopping.abort();
    await Promise.all([this.loop, this.worker?.close()]);
  }

  async onApplicationShutdown(): Promise<void> {
    await this.hints.close();
  }

  /** Starts a day that has ended, finds in the rows which one is being closed, and gives the hints for it. */
  private async sweep(): Promise<void> {
    if (this.config.closesDays) await inTransaction(this.dataSource, 'system', startYesterday);
    const due = (await inTransaction(this.dataSource, 'system', (tx) =>
      tx.query(`SELECT day::text FROM loan_closing WHERE state = 'closing'`),
    )) as { day: string }[];
    const name = Math.floor(Date.now() / renamedAfterMs);
    await this.hints.give(
      due.flatMap(({ day }) =>
        lanes.map((lane) => ({ id: `${day}-${lane}-${name}`, payload: { day, lane } })),
      ),
    );
  }

  private async close(day: string): Promise<void> {
    const { closingLoans } = this.config;
    for (let loans = 1; loans > 0 && !this.stopping.signal.aborted;)
      loans = await inTransaction(this.dataSource, 'system', (tx) => closeChunk(tx, day, closingLoans));
    // Not while somebody else has loans of it in hand, or a command one that has to be closed.
    await inTransaction(this.dataSource, 'system', (tx) =>
      tx.query(
        `UPDATE loan_closing SET state = 'closed', closed_at = clock_timestamp()
         WHERE day = $1 AND state = 'closing' AND NOT EXISTS (SELECT FROM loan_book WHERE wakes_on <= $1)`,
        [day],
      ),
    );
  }
}
