import type { DataSource } from 'typeorm';
import type { Transaction } from '@ansinh/database';
import { keysOf, RegistryFollower, type ToldPerson } from '@ansinh/events';
import type { WorkerConfig } from '../worker-config.js';
import { comparePeople } from './compare-people.js';

type Settings = Pick<
  WorkerConfig,
  'issuer' | 'registryUrl' | 'registryMs' | 'registryClientId' | 'registryClientSecret'
>;

/**
 * Keeps what the register needs of the people whom the registry knows, and holds its beneficiaries against it. Nobody is compared before
 * all is read: a number may be somebody else's by then. What was made of people whom the registry has lost stands.
 */
export function registryFollower(dataSource: DataSource, config: Settings): RegistryFollower {
  return new RegistryFollower(dataSource, config, {
    table: 'registry_person',
    without: 'no registry is configured: nobody is told who died or moved',
    take: keepPeople,
    whenRead: comparePeople,
  });
}

/** Whoever had, or has, one of their numbers in the register is to be compared. */
async function keepPeople(tx: Transaction, people: readonly ToldPerson[]): Promise<void> {
  const keys = people.flatMap(keysOf);
  await tx.query(
    `WITH gone AS (DELETE FROM registry_person WHERE person_id = ANY ($1::uuid[]) RETURNING person_key)
     INSERT INTO beneficiary_uncompared
     SELECT id FROM beneficiary WHERE person_key IN (SELECT person_key FROM gone UNION SELECT unnest($2::uuid[]))
     ORDER BY id
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
