import type { DataSource } from 'typeorm';
import type { Transaction } from '@ansinh/database';
import { keysOf, RegistryFollower, type ToldPerson } from '@ansinh/events';
import { nameKey } from '@ansinh/identity';
import type { Config } from '../config.js';

/** Keeps what the check needs of the people whom the registry knows. */
export function registryFollower(dataSource: DataSource, config: Config): RegistryFollower {
  return new RegistryFollower(dataSource, config, {
    table: 'registry_payee',
    without: 'no registry is configured: checks say so',
    take: keepPayees,
  });
}

async function keepPayees(tx: Transaction, people: readonly ToldPerson[]): Promise<void> {
  const ids = people.map(({ id }) => id);
  await tx.query('DELETE FROM registry_payee WHERE person_id = ANY ($1::uuid[])', [ids]);
  const payees = people.flatMap(keysOf);
  await tx.query(
    `INSERT INTO registry_payee
       (payee_key, person_id, is_former, name, name_key, plain_key, place_code, resident_from, died_on)
     SELECT payee_key, person_id, is_former, name, name_key, plain_name(name_key), place_code, resident_from, died_on
     FROM unnest($1::uuid[], $2::uuid[], $3::bool[], $4::text[], $5::text[], $6::text[], $7::date[], $8::date[])
       AS told (payee_key, person_id, is_former, name, name_key, place_code, resident_from, died_on)`,
    [
      payees.map(({ key }) => key),
      payees.map(({ id }) => id),
      payees.map(({ isFormer }) => isFormer),
      payees.map(({ name }) => name),
      payees.map(({ name }) => nameKey(name)),
      payees.map(({ placeCode }) => placeCode),
      payees.map(({ residentFrom }) => residentFrom),
      payees.map(({ diedOn }) => diedOn),
    ],
  );
}
