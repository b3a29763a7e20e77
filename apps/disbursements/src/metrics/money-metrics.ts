import { setTimeout as sleep } from 'node:timers/promises';
import { Injectable, Logger } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { Counter, type Gauge } from 'prom-client';
import { DataSource } from 'typeorm';
import { inTransaction, limitStatement } from '@ansinh/database';
import { gaugeOf } from '@ansinh/telemetry';
import { batchStates } from '../batch/batch.states.js';
import { Hints } from '../hints/hints.js';
import { chunkTransitions } from '../transmission/chunk.states.js';
import { exceptionAges, type MoneyReading, readMoney } from './money.sql.js';

/** However many ask, the rows are read once in this time. */
const freshMs = 1_000;
const readSecondsMax = 2;

const failures = new Counter({
  name: 'ansinh_reading_failures_total',
  help: 'Readings of rows or queues that failed: their gauges are absent until one succeeds.',
  labelNames: ['source'],
});
// From the start, so that the first failure is an increase.
for (const source of ['money', 'queue']) failures.inc({ source }, 0);

const figures = [
  ['reservedDong', 'ansinh_reserved_dong', 'Approved and not yet handed to a bank.'],
  ['inFlightDong', 'ansinh_in_flight_dong', 'Handed to a bank and not confirmed.'],
  ['unreconciledDong', 'ansinh_unreconciled_dong', 'Taken on by a bank, and no statement tells of it yet.'],
  ['unreconciledPayments', 'ansinh_unreconciled_payments', 'Payments of which no statement tells yet.'],
  ['unreconciledOldest', 'ansinh_unreconciled_oldest_seconds', 'Since the bank took on the oldest of them.'],
  ['overdue', 'ansinh_chunk_overdue_seconds', 'Since the chunk was due that waits for longest.'],
  [
    'registryUnread',
    'ansinh_registry_unread_seconds',
    'Since the registry was read to its end; since 1970: never.',
  ],
] as const;

/**
 * What an operator has to know of the money, and of the queue. Served by the API, which is there also when no worker is;
 * every process of it tells the same, so a rule takes the largest and never the sum.
 */
@Injectable()
export class MoneyMetrics {
  private readonly logger = new Logger('metrics');
  private readonly money = this.cached('money', () => this.readMoney());
  private readonly depths = this.cached('queue', () => this.hints.depths());

  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    private readonly hints: Hints,
  ) {
    this.countStates();
    this.weighMoney();
    this.countExceptions();
    this.countHints();
  }

  private countStates(): void {
    const labelNames = ['state'];
    this.gauge({ name: 'ansinh_batches', help: 'Batches by state.', labelNames }, ({ batches }, gauge) => {
      for (const state of batchStates) gauge.set({ state }, batches[state] ?? 0);
    });
    const help = 'Chunks of batches under way by state.';
    this.gauge({ name: 'ansinh_chunks', help, labelNames }, ({ chunks }, gauge) => {
      for (const state of Object.keys(chunkTransitions)) gauge.set({ state }, chunks[state] ?? 0);
    });
  }

  private weighMoney(): void {
    for (const [key, name, help] of figures) {
      this.gauge({ name, help }, (reading, gauge) => gauge.set(reading[key]));
    }
  }

  private countExceptions(): void {
    const labelNames = ['age'];
    const count = { name: 'ansinh_exceptions_open', help: 'Open exceptions by age.', labelNames };
    this.gauge(count, ({ exceptions }, gauge) => {
      for (const age of exceptionAges) gauge.set({ age }, exceptions[age]?.count ?? 0);
    });
    const weight = { name: 'ansinh_exceptions_open_dong', help: 'What they are about, by age.', labelNames };
    this.gauge(weight, ({ exceptions }, gauge) => {
      for (const age of exceptionAges) gauge.set({ age }, exceptions[age]?.dong ?? 0);
    });
  }

  private countHints(): void {
    gaugeOf({
      name: 'ansinh_queue_hints',
      help: 'Hints in the queues: waiting for a worker, for their time, or in work.',
      labelNames: ['queue', 'state'],
      read: async (gauge) => {
        for (const [queue, depth] of Object.entries((await this.depths()) ?? {})) {
          for (const [state, hints] of Object.entries(depth)) gauge.set({ queue, state }, hints);
        }
      },
    });
  }

  private gauge(
    options: { name: string; help: string; labelNames?: string[] },
    set: (reading: MoneyReading, gauge: Gauge) => void,
  ): void {
    const read = async (gauge: Gauge) => {
      const reading = await this.money();
      if (reading) set(reading, gauge);
    };
    gaugeOf({ ...options, read });
  }

  private readMoney(): Promise<MoneyReading> {
    return inTransaction(this.dataSource, 'system', async (tx) => {
      await limitStatement(tx, readSecondsMax);
      const [reading] = (await tx.query(readMoney)) as MoneyReading[];
      return reading!;
    });
  }

  /** A reading that fails, or waits too long for a connection, is null for as long as a good one would be fresh. */
  private cached<T>(source: string, read: () => Promise<T>): () => Promise<T | null> {
    let readAtMs = -Infinity;
    let last: Promise<T | null>;
    return () => {
      if (performance.now() - readAtMs < freshMs) return last;
      readAtMs = performance.now();
      last = inTime(read()).catch((error: unknown) => {
        failures.inc({ source });
        this.logger.warn({ err: error, source }, 'metrics not read');
        return null;
      });
      return last;
    };
  }
}

/** Where all connections are taken, the other metrics are still to be had. */
function inTime<T>(work: Promise<T>): Promise<T> {
  const late = sleep(readSecondsMax * 1_500, undefined, { ref: false }).then(() => {
    throw new Error('no answer in time');
  });
  return Promise.race([work, late]);
}
