import {
  Inject,
  Injectable,
  Logger,
  type OnApplicationBootstrap,
  type OnModuleDestroy,
} from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import type { RegisteredPerson, RegistryEvent } from '@ansinh/client';
import { limitStatement, type Transaction } from '@ansinh/database';
import { nameKey } from '@ansinh/identity';
import { RegistryFeed, RegistryReader } from '@ansinh/events';
import { type Config, configToken } from '../config.js';

/** After so many people statistics are made anew, or the next check plans for an empty table; at the end, after fewer. */
const analyzeAfter = { amid: 50_000, atEnd: 1_000 };
const analyzeSecondsMax = 60;

/** Keeps what the check needs of the people whom the registry knows. */
@Injectable()
export class RegistryFollower implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly logger = new Logger('registry-follower');
  private readonly feed: RegistryFeed | null;
  private readonly reader: RegistryReader;
  private unanalyzed = 0;

  constructor(
    @InjectDataSource() dataSource: DataSource,
    @Inject(configToken) private readonly config: Config,
  ) {
    this.feed = RegistryFeed.of(config);
    this.reader = new RegistryReader({
      dataSource,
      logger: this.logger,
      take: (tx, events, isLast) => this.take(tx, events, isLast),
      // It may be of people whom the registry has lost. Until it is read again, checks say that it is not.
      forget: async (tx) => void (await tx.query('DELETE FROM registry_payee')),
    });
  }

  onApplicationBootstrap(): void {
    if (this.feed) this.reader.start(this.feed, this.config.registryMs);
    else this.logger.warn('no registry is configured: checks say so');
  }

  async onModuleDestroy(): Promise<void> {
    await this.reader.stop();
  }

  /** Reads to the end of what there is. @param stopping ends it between two pages */
  follow(feed: Pick<RegistryFeed, 'after'>, stopping?: AbortSignal): Promise<void> {
    return this.reader.follow(feed, stopping);
  }

  /** Each person as the last event of the page has him, in place of whatever was known. */
  private async take(tx: Transaction, events: RegistryEvent[], isLast: boolean): Promise<void> {
    const told = events.flatMap(({ data }) => ('numberKeys' in data ? [data] : []));
    const people = [...new Map(told.map((person) => [person.id, person])).values()];
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
