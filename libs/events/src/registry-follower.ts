import { Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import type { RegisteredPerson, RegistryEvent } from '@ansinh/client';
import { limitStatement, type Transaction } from '@ansinh/database';
import { RegistryFeed, type RegistrySettings } from './registry-feed.js';
import { RegistryReader } from './registry-reader.js';

/** After so many people statistics are made anew, or whoever asks next plans for an empty table; at the end, after fewer. */
const analyzeAfter = { amid: 50_000, atEnd: 1_000 };
const analyzeSecondsMax = 60;

/** A person as he stands, and the event by which he was told of. */
export interface ToldPerson extends RegisteredPerson {
  eventId: string;
  eventType: string;
}

/** One of the numbers that a person has, or had. */
export interface KeyOfPerson extends ToldPerson {
  key: string;
  isFormer: boolean;
}

/** What a service keeps of the people whom the registry knows. */
export interface RegistryTaker {
  /** Where they are kept: emptied when the registry has lost what it told. */
  table: string;
  /** What is logged where no registry is configured. */
  without: string;
  /** Writes them in place of whatever was known of them. */
  take(tx: Transaction, people: readonly ToldPerson[]): Promise<void>;
  /** There is nothing more to read for now. */
  whenRead?(tx: Transaction): Promise<void>;
}

/** Follows the registry for a service, as long as its process is up. */
export class RegistryFollower implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly logger = new Logger('registry-follower');
  private readonly feed: RegistryFeed | null;
  private readonly reader: RegistryReader;
  private unanalyzed = 0;

  constructor(
    dataSource: DataSource,
    private readonly config: RegistrySettings & { registryMs: number },
    private readonly taker: RegistryTaker,
  ) {
    this.feed = RegistryFeed.of(config);
    this.reader = new RegistryReader({
      dataSource,
      logger: this.logger,
      take: (tx, events, isLast) => this.take(tx, events, isLast),
      // It may be of people whom the registry has lost. Until it is read again nobody is known.
      forget: async (tx) => void (await tx.query(`DELETE FROM ${taker.table}`)),
    });
  }

  onApplicationBootstrap(): void {
    if (this.feed) this.reader.start(this.feed, this.config.registryMs);
    else this.logger.warn(this.taker.without);
  }

  async onModuleDestroy(): Promise<void> {
    await this.reader.stop();
  }

  /** Reads to the end of what there is. @param stopping ends it between two pages */
  follow(feed: Pick<RegistryFeed, 'after'>, stopping?: AbortSignal): Promise<void> {
    return this.reader.follow(feed, stopping);
  }

  /** Each person as the last event of the page has him. */
  private async take(tx: Transaction, events: RegistryEvent[], isLast: boolean): Promise<void> {
    const told = events.flatMap(({ id: eventId, type: eventType, data }) =>
      'numberKeys' in data ? [{ ...data, eventId, eventType }] : [],
    );
    const people = [...new Map(told.map((person) => [person.id, person])).values()];
    if (people.length > 0) await this.taker.take(tx, people);
    this.unanalyzed += people.length;
    if (this.unanalyzed >= (isLast ? analyzeAfter.atEnd : analyzeAfter.amid)) {
      await limitStatement(tx, analyzeSecondsMax);
      await tx.query(`ANALYZE ${this.taker.table}`);
      this.unanalyzed = 0;
    }
    if (isLast) await this.taker.whenRead?.(tx);
  }
}

/** A row for each number; one that is a person’s now is not one of before as well. */
export function keysOf(person: ToldPerson): KeyOfPerson[] {
  const { numberKeys, formerNumberKeys } = person;
  const former = [...new Set(formerNumberKeys)].filter((key) => !numberKeys.includes(key));
  return [
    ...numberKeys.map((key) => ({ ...person, key, isFormer: false })),
    ...former.map((key) => ({ ...person, key, isFormer: true })),
  ];
}
