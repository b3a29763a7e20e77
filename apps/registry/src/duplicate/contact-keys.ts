import type { Transaction } from '@ansinh/database';
import type { Sealer } from '@ansinh/sealing';
import { openPerson, type PersonNumbers } from '../person/sealed-person.js';
import type { Contact } from './find-pairs.sql.js';

const peoplePerPage = 5_000;

export function contactsOf(sealer: Sealer, { phone, insuranceNumber }: PersonNumbers): Contact[] {
  const contacts: [Contact['kind'], string | null][] = [
    ['phone', phone],
    ['insurance', insuranceNumber],
  ];
  return contacts.flatMap(([kind, number]) =>
    number === null ? [] : { kind, key: sealer.lookupKey(kind, number) },
  );
}

/**
 * Telephone and insurance number stand sealed with their person, however he was entered; the keys by which they are compared
 * are made here, commune by commune. A page of people at a time: ten microseconds each.
 */
export async function keyContacts(tx: Transaction, sealer: Sealer, commune: string): Promise<void> {
  for (let after: string | null = null; ;) {
    const people = (await tx.query(
      `SELECT id, sealed FROM person WHERE office_code = $1 AND ($2::uuid IS NULL OR id > $2) ORDER BY id LIMIT $3`,
      [commune, after, peoplePerPage],
    )) as { id: string; sealed: Buffer }[];
    if (people.length === 0) return;
    const keyed = people.flatMap(({ id, sealed }) =>
      contactsOf(sealer, openPerson(sealer, id, sealed)).map((contact) => ({ id, ...contact })),
    );
    const columns = [keyed.map(({ id }) => id), keyed.map(({ kind }) => kind), keyed.map(({ key }) => key)];
    await tx.query(
      `DELETE FROM person_contact contact WHERE person_id = ANY ($1::uuid[]) AND NOT EXISTS (
         SELECT FROM unnest($2::uuid[], $3::text[], $4::uuid[]) AS told (person_id, kind, key)
         WHERE (told.person_id, told.kind, told.key) = (contact.person_id, contact.kind, contact.contact_key))`,
      [people.map(({ id }) => id), ...columns],
    );
    await tx.query(
      `INSERT INTO person_contact (person_id, kind, contact_key)
       SELECT * FROM unnest($1::uuid[], $2::text[], $3::uuid[]) ON CONFLICT DO NOTHING`,
      columns,
    );
    after = people.at(-1)!.id;
  }
}
