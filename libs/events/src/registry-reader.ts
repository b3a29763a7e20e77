import type { Logger } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import type { RegistryEvent, RegistryEventPage } from '@ansinh/client';
import { inTransaction, type Transaction } from '@ansinh/database';
import { repeat } from '@ansinh/service';
import { startTrace } from '@ansinh/telemetry';
import { CursorUnknown, type RegistryFeed } from './registry-feed.js';

/** What a service makes of the events. */
export interface EventTaker {
  dataSource: DataSource;
  logger: Logger;
  /**
   * Writes what the service needs of a page, in the transaction that moves the cursor behind it. An event says how its record
   * stands: the last one of a record is all that counts, and one that comes again changes nothing.
   */
  take(tx: Transaction, events: RegistryEvent[], isLast: boolean): Promise<void>;
  /** The registry has lost what it told: nothing that is known of it may be believed until it is read again. */
  forget(tx: Transaction): Promise<void>;
}

type Feed = Pick<RegistryFeed, 'after'>;

/**
 * Reads what happened in the registry by a cursor of its own (`registryCursorTable`). A page and the cursor behind it are written
 * in one transaction, so a page that comes twice, or to two processes, is taken in once.
 */
export class RegistryReader {
  private readonly stopping = new AbortController();
  private loop: Promise<void> | undefined;
  private isAway = false;

  constructor(private readonly taker: EventTaker) {}

  /** Reads on and on, until it is stopped. */
  start(feed: Feed, pauseMs: number): void {
    const options = { pauseMs, signal: this.stopping.signal, logger: this.taker.logger };
    this.loop = repeat(options, () => this.tryToFollow(feed));
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    await this.loop;
  }

  /** A registry that is away for a while is told once, not every second. */
  private async tryToFollow(feed: Feed): Promise<void> {
    const { logger } = this.taker;
    try {
      await this.follow(feed);
      if (this.isAway) logger.log('the registry is read again');
      this.isAway = false;
    } catch (error) {
      if (!this.isAway) logger.warn({ err: error }, 'the registry cannot be read; tried again until it can');
      this.isAway = true;
    }
  }

  /** Reads to the end of what there is. @param stopping ends it between two pages */
  async follow(feed: Feed, stopping = this.stopping.signal): Promise<void> {
    for (let isLast = false; !isLast && !stopping.aborted;) {
      const cursor = await this.cursor();
      isLast = await startTrace('registry events', {}, () => this.takePage(feed, cursor));
    }
  }

  /** @returns whether there is nothing to read behind it */
  private async takePage(feed: Feed, cursor: string | null): Promise<boolean> {
    let page: RegistryEventPage;
    try {
      page = await feed.after(cursor);
    } catch (error) {
      if (!(error instanceof CursorUnknown)) throw error;
      this.taker.logger.error(
        { err: error },
        'the registry was put back to an earlier day: it is read from its beginning',
      );
      await this.forget(cursor);
      return false;
    }
    return inTransaction(this.taker.dataSource, 'system', async (tx) => {
      const [moved] = (await tx.query(
        `UPDATE registry_cursor SET cursor = $2, read_at = CASE WHEN $3 THEN clock_timestamp() ELSE read_at END
         WHERE cursor IS NOT DISTINCT FROM $1 RETURNING cursor`,
        [cursor, page.next, page.isLast],
      )) as [object[], number];
      // Another process was here first.
      if (moved.length === 0) return false;
      await this.taker.take(tx, page.items, page.isLast);
      return page.isLast;
    });
  }

  private async forget(cursor: string | null): Promise<void> {
    await inTransaction(this.taker.dataSource, 'system', async (tx) => {
      const [moved] = (await tx.query(
        'UPDATE registry_cursor SET cursor = NULL, read_at = NULL WHERE cursor = $1 RETURNING cursor',
        [cursor],
      )) as [object[], number];
      if (moved.length > 0) await this.taker.forget(tx);
    });
  }

  private async cursor(): Promise<string | null> {
    const [row] = (await inTransaction(this.taker.dataSource, 'system', (tx) =>
      tx.query('SELECT cursor FROM registry_cursor'),
    )) as { cursor: string | null }[];
    return row!.cursor;
  }
}
