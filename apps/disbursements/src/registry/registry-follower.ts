import {
  Inject,
  Injectable,
  Logger,
  type OnApplicationBootstrap,
  type OnModuleDestroy,
} from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { inTransaction, limitStatement, type Transaction } from '@ansinh/database';
import { nameKey } from '@ansinh/identity';
import { repeat } from '@ansinh/service';
import { startTrace } from '@ansinh/telemetry';
import { type Config, configToken } from '../config.js';
import { CursorUnknown, type RegisteredPerson, RegistryFeed, type RegistryPage } from './registry-feed.js';

/** After so many people statistics are made anew, or the next check plans for an empty table; at the end, after fewer. */
const analyzeAfter = { amid: 50_000, atEnd: 1_000 };
const analyzeSecondsMax = 60;

/**
 * Reads what happened in the registry, and keeps what the check needs of it. A page and the cursor behind it are written in
 * one transaction, so a page that comes twice, or to two workers, is taken in once.
 */
@Injectable()
export class RegistryFollower implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly logger = new Logger('registry-follower');
  private readonly stopping = new AbortController();
  private readonly feed: RegistryFeed | null;
  private loop: Promise<void> | undefined;
  private unanalyzed = 0;
  private isAway = false;

  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    @Inject(configToken) private readonly config: Config,
  ) {
    this.feed = RegistryFeed.of(config);
  }

  onApplicationBootstrap(): void {
    const { feed, stopping, logger, config } = this;
    if (!feed) {
      logger.warn('no registry is configured: checks say so');
      return;
    }
    const options = { pauseMs: config.registryMs, signal: stopping.signal, logger };
    this.loop = repeat(options, () => this.tryToFollow(feed));
  }

  async onModuleDestroy(): Promise<void> {
    this.stopping.abort();
    await this.loop;
  }

  /** A registry that is away for a while is told once, not every second. */
  private async tryToFollow(feed: RegistryFeed): Promise<void> {
    try {
      await this.follow(feed, this.stopping.signal);
      if (this.isAway) this.logger.log('the registry is read again');
      this.isAway = false;
    } catch (error) {
      if (!this.isAway)
        this.logger.warn({ err: error }, 'the registry cannot be read; tried again until it can');
      this.isAway = true;
    }
  }

  /** Reads to the end of what there is. @param stopping ends it between two pages */
  async follow(feed: Pick<RegistryFeed, 'after'>, stopping?: AbortSignal): Promise<void> {
    for (let isLast = false; !isLast && !stopping?.aborted;) {
      const cursor = await this.cursor();
      isLast = await startTrace('registry events', {}, () => this.takePage(feed, cursor));
    }
  }

  /** @returns whether there is nothing to read behind it */
  private async takePage(feed: Pick<RegistryFeed, 'after'>, cursor: string | null): Promise<boolean> {
    let page: RegistryPage;
    try {
      page = await feed.after(cursor);
    } catch (error) {
      if (!(error instanceof CursorUnknown)) throw error;
      this.logger.error(
        { err: error },
        'the registry was put back to an earlier day: it is read from its beginning',
      );
      await this.forget(cursor);
      return false;
    }
    return inTransaction(this.dataSource, 'system', async (tx) => {
      const [moved] = (await tx.query(
        `UPDATE registry_cursor SET cursor = $2, read_at = CASE WHEN $3 THEN clock_timestamp() ELSE read_at END
         WHERE cursor IS NOT DISTINCT FROM $1 RETURNING cursor`,
        [cursor, page.next, page.isLast],
      )) as [object[], number];
      // Another worker was here first.
      if (moved.length === 0) return false;
      await this.take(tx, page);
      return page.isLast;
    });
  }

  /** Each person as the last event of the page has him, in place of whatever was known. */
  private async take(tx: Transaction, { items, isLast }: RegistryPage): Promise<void> {
    const told = items.filter(({ type }) => type.startsWith('person.'));
    const people = [...new Map(told.map(({ data }) => [data.id, data])).values()];
    if (people.length > 0) {
      await tx.query('DELETE FROM registry_payee WHERE person_id = ANY ($1::uuid[])', [
        people.map(({ id }) => id),
      ]);
      await tx.query(insertPayees, columnsOf(people.flatMap(keysOf)));
    }
    this.unanalyzed += people.length;
    if (this.unanalyzed < (isLast ? analyzeAfter.atEnd : analyzeAfter.amid)) return;
    await limitStatement(tx, analyzeSecondsMax);
    await tx.query('ANALYZE registry_payee');
    this.unanalyzed = 0;
  }

  /** What is known may be of people whom the registry has lost. Until it is read again, checks say that it is not. */
  private async forget(cursor: string | null): Promise<void> {
    await inTransaction(this.dataSource, 'system', async (tx) => {
      const [moved] = (await tx.query(
        'UPDATE registry_cursor SET cursor = NULL, read_at = NULL WHERE cursor = $1 RETURNING cursor',
        [cursor],
      )) as [object[], number];
      if (moved.length > 0) await tx.query('DELETE FROM registry_payee');
    });
  }

  private async cursor(): Promise<string | null> {
    const [row] = (await inTransaction(this.dataSource, 'system', (tx) =>
      tx.query('SELECT cursor FROM registry_cursor'),
    )) as { cursor: string | null }[];
    return row!.cursor;
  }
}

interface KnownPayee extends RegisteredPerson {
  key: string;
  isFormer: boolean;
}

function keysOf(person: RegisteredPerson): KnownPayee[] {
  const { numberKeys, formerNumberKeys } = person;
  const former = formerNumberKeys.filter((key) => !numberKeys.includes(key));
  return [
    ...numberKeys.map((key) => ({ ...person, key, isFormer: false })),
    ...former.map((key) => ({ ...person, key, isFormer: true })),
  ];
}

const insertPayees = `
INSERT INTO registry_payee
  (payee_key, person_id, is_former, name, name_key, plain_key, place_code, resident_from, died_on)
SELECT payee_key, person_id, is_former, name, name_key, plain_name(name_key), place_code, resident_from, died_on
FROM unnest($1::uuid[], $2::uuid[], $3::bool[], $4::text[], $5::text[], $6::text[], $7::date[], $8::date[])
  AS told (payee_key, person_id, is_former, name, name_key, place_code, resident_from, died_on)`;

function columnsOf(payees: KnownPayee[]): unknown[][] {
  return [
    payees.map(({ key }) => key),
    payees.map(({ id }) => id),
    payees.map(({ isFormer }) => isFormer),
    payees.map(({ name }) => name),
    payees.map(({ name }) => nameKey(name)),
    payees.map(({ placeCode }) => placeCode),
    payees.map(({ residentFrom }) => residentFrom),
    payees.map(({ diedOn }) => diedOn),
  ];
}
