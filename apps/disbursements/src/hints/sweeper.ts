import {
  Inject,
  Injectable,
  Logger,
  type OnApplicationBootstrap,
  type OnModuleDestroy,
} from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { inTransaction } from '@ansinh/database';
import { repeat } from '@ansinh/service';
import { DayCloser } from '../audit/day-closer.js';
import { type Config, configToken } from '../config.js';
import { Recoverer } from '../recovery/recoverer.js';
import { ScheduleRunner } from '../schedule/schedule-runner.js';
import { DocumentCollector } from '../statement/document-collector.js';
import { type DueChunk, Hints } from './hints.js';

const hintsPerSweep = 1_000;
/** How soon after midnight the day before is signed. */
const closeDaysMs = 60_000;

/**
 * Finds in the rows what is due and gives hints for it: what an emptied queue lost, leases that ran out, attempts whose
 * time has come. Also compares the books with the bank's after a start of PostgreSQL,
 * opens the drafts of schedules, reads the banks' outboxes, and signs the days of the audit log.
 * Several workers may sweep: a second hint of one thing does nothing.
 */
@Injectable()
export class Sweeper implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly logger = new Logger('sweeper');
  private readonly stopping = new AbortController();
  private loops: Promise<void>[] = [];

  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    @Inject(configToken) private readonly config: Config,
    private readonly hints: Hints,
    private readonly collector: DocumentCollector,
    private readonly days: DayCloser,
    private readonly schedules: ScheduleRunner,
    private readonly recoverer: Recoverer,
  ) {}

  onApplicationBootstrap(): void {
    const { logger } = this;
    const { signal } = this.stopping;
    const { sweepMs, collectMs } = this.config;
    this.loops = [
      repeat({ pauseMs: sweepMs, signal, logger }, () => this.recoverer.recover()),
      repeat({ pauseMs: sweepMs, signal, logger }, () => this.sweep()),
      repeat({ pauseMs: sweepMs, signal, logger }, () => this.schedules.openDue()),
      repeat({ pauseMs: collectMs, signal, logger }, () => this.collector.collect(signal)),
      repeat({ pauseMs: closeDaysMs, signal, logger }, () => this.days.closeDays()),
    ];
  }

  async onModuleDestroy(): Promise<void> {
    this.stopping.abort();
    await Promise.all(this.loops);
  }

  async sweep(): Promise<void> {
    const due = await inTransaction(this.dataSource, 'system', async (tx) => ({
      checks: (await tx.query(`SELECT id FROM batch WHERE state = 'checking'`)) as { id: string }[],
      chunks: (await tx.query(
        `SELECT chunk.batch_number AS "batchNumber", chunk.chunk_no AS "chunkNo", chunk.fence
       FROM chunk JOIN batch ON batch.number = chunk.batch_number
       WHERE batch.state = 'transmitting'
         AND (chunk.state IN ('pending', 'unknown') AND chunk.due_at <= clock_timestamp()
              OR chunk.state = 'sending' AND chunk.lease_until < clock_timestamp())
       ORDER BY chunk.batch_number, chunk.chunk_no LIMIT $1`,
        [hintsPerSweep],
      )) as DueChunk[],
      rotations: (await tx.query(`SELECT id FROM key_rotation WHERE state = 'running'`)) as { id: string }[],
    }));
    for (const { id } of due.checks) await this.hints.checkDue(id);
    await this.hints.chunksDue(due.chunks);
    for (const { id } of due.rotations) await this.hints.rotationDue(id);
  }
}
