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
import { RegistryFeed, RegistryReader } from '@ansinh/events';
import type { WorkerConfig } from '../worker-config.js';
import { comparePeople } from './compare-people.js';

/** After so many people statistics are made anew, or those who are compared next are looked for in an empty table. */
const analyzeAfter = { amid: 50_000, atEnd: 1_000 };
const analyzeSecondsMax = 60;

export const followerSettings = Symbol('whom the registry is followed as');

type Settings = Pick<
  WorkerConfig,
  'issuer' | 'registryUrl' | 'registryMs' | 'registryClientId' | 'registryClientSecret'
>;

/** Keeps what the register needs of the people whom the registry knows, and holds its beneficiaries against it. */
@Injectable()
export class RegistryFollower implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly logger = new Logger('registry-follower');
  private readonly feed: RegistryFeed | null;
  private readonly reader: RegistryReader;
  private unanalyzed = 0;

  constructor(
    @InjectDataSource() dataSource: DataSource,
    @Inject(followerSettings) private readonly config: Settings,
  ) {
    this.feed = RegistryFeed.of(config);
    this.reader = new RegistryReader({
      dataSource,
      logger: this.logger,
      take: (tx, events, isLast) => this.take(tx, events, isLast),
      // It may be of people whom the registry has lost. What was made of it stands; until it is read again nobody is compared.
      forget: async (tx) => void (await tx.query('DELETE FROM registry_person')),
    });
  }

  onApplicationBootstrap(): void {
    if (this.feed) this.reader.start(this.feed, this.config.registryMs);
    else this.logger.warn('no registry is configured: nobody is told who died or moved');
  }

  async onModuleDestroy(): Promise<void> {
    await this.reader.stop();
  }

  /** Reads to the end of what there is. @param stopping ends it between two pages */
  follow(feed: Pick<RegistryFeed, 'after'>, stopping?: AbortSignal): Promise<void> {
    return this.reader.follow(feed, stopping);
  }

  /** Each person as the last event of the page has him. Nobody is compared before all is read: a number may be somebody else's by then. */
  private async take(tx: Transaction, events: RegistryEvent[], isLast: boolean): Promise<void> {
    const told = events.flatMap(({ id: eventId, type: eventType, data }) =>
      'numberKeys' in data ? [{ ...data, eventId, eventType }] : [],
    );
    const people = [...new Map(told.map((person) => [person.id, person])).values()];
    if (people.length > 0) await keepPeople(tx, people);
    await this.analyze(tx, people.length, isLast);
    if (isLast) await comparePeople(tx);
  }

  private async analyze(tx: Transaction, people: number, isLast: boolean): Promise<void> {
    this.unanalyzed += people;
    if (this.unanalyzed < (isLast ? analyzeAfter.atEnd : analyzeAfter.amid)) return;
    await limitStatement(tx, analyzeSecondsMax);
    await tx.query('ANALYZE registry_person');
    this.unanalyzed = 0;
  }
}

type ToldPerson = RegisteredPerson & { eventId: string; eventType: string };
type KeyOfPerson = ToldPerson & { key: string; isFormer: boolean };

/** In place of whatever was known of them. Whoever had, or has, one of their numbers in the register is to be compared. */
async function keepPeople(tx: Transaction, people: readonly ToldPerson[]): Promise<void> {
  const keys = people.flatMap(keysOf);
  await tx.query(
    `WITH gone AS (DELETE FROM registry_person WHERE person_id = ANY ($1::uuid[]) RETURNING person_key)
     INSERT INTO beneficiary_uncompared
     SELECT id FROM beneficiary WHERE person_key IN (SELECT person_key FROM gone UNION SELECT unnest($2::uuid[]))
     ON CONFLICT DO NOTHING`,
    [people.map(({ id }) => id), keys.map(({ key }) => key)],
  );
  await tx.query(
    `INSERT INTO registry_person (person_key, person_id, is_former, place_code, resident_from, died_on, event_id, event_type)
     SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::bool[], $4::text[], $5::date[], $6::date[], $7::text[], $8::text[])`,
    [
      keys.map(({ key }) => key),
      keys.map(({ id }) => id),
      keys.map(({ isFormer }) => isFormer),
      keys.map(({ placeCode }) => placeCode),
      keys.map(({ residentFrom }) => residentFrom),
      keys.map(({ diedOn }) => diedOn),
      keys.map(({ eventId }) => eventId),
      keys.map(({ eventType }) => eventType),
    ],
  );
}

function keysOf(person: ToldPerson): KeyOfPerson[] {
  const { numberKeys, formerNumberKeys } = person;
  const former = [...new Set(formerNumberKeys)].filter((key) => !numberKeys.includes(key));
  return [
    ...numberKeys.map((key) => ({ ...person, key, isFormer: false })),
    ...former.map((key) => ({ ...person, key, isFormer: true })),
  ];
}
