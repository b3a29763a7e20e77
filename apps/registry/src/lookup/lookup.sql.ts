import { asSystem, type Transaction } from '@ansinh/database';
import { isSetAside } from '../person/merged-records.sql.js';
import type { Sex } from '../person/person.dto.js';

export interface FoundPerson {
  id: string;
  name: string;
  birthYear: number;
  bornOn: string | null;
  sex: Sex;
  placeCode: string;
  diedOn: string | null;
}

const columns = `person.id, person.name, person.birth_year AS "birthYear", person.born_on::text AS "bornOn", person.sex,
  person.office_code AS "placeCode", person.died_on::text AS "diedOn"`;

interface Recorded extends FoundPerson {
  numberKey: string | null;
  survivorId: string | null;
}

/**
 * People of the caller's office by the keys of their numbers, those of before too. Whoever has a number now comes before
 * who had it, and of two who had it the one of whom it was recorded last. Whose number of before one is, is looked up as the system: the person himself is then asked for as the office.
 * Merged records are few, and those that stand for them are asked for by themselves: joined to 2,000 others, PostgreSQL would
 * hash everybody whom the office sees, each time.
 */
export async function peopleByKeys(
  tx: Transaction,
  keys: readonly string[],
): Promise<Map<string, FoundPerson>> {
  const before = (await asSystem(tx, () =>
    tx.query(
      'SELECT number_key AS key, person_id AS id FROM person_number WHERE number_key = ANY ($1::uuid[]) ORDER BY person_number.id',
      [keys],
    ),
  )) as { key: string; id: string }[];
  const now = await recordsBy(tx, 'number_key', keys);
  const former = before.map(({ id }) => id);
  const byId = new Map([...now, ...(await recordsBy(tx, 'id', former))].map((row) => [row.id, row]));
  const survivors = [...byId.values()].flatMap(({ survivorId }) => survivorId ?? []);
  for (const row of await recordsBy(tx, 'id', survivors)) byId.set(row.id, row);
  const inOrder = [...before, ...now.map(({ id, numberKey }) => ({ id, key: numberKey! }))];
  return new Map(
    inOrder.flatMap(({ key, id }) => {
      const recorded = byId.get(id);
      const standing = recorded && byId.get(recorded.survivorId ?? id);
      if (!standing) return [];
      const { numberKey: _, survivorId: __, ...person } = standing;
      return [[key, person]];
    }),
  );
}

async function recordsBy(
  tx: Transaction,
  column: 'id' | 'number_key',
  values: readonly string[],
): Promise<Recorded[]> {
  if (values.length === 0) return [];
  return (await tx.query(
    `SELECT ${columns}, number_key AS "numberKey", survivor_id AS "survivorId" FROM person
     WHERE ${column} = ANY ($1::uuid[])`,
    [values],
  )) as Recorded[];
}

/** The records of each of these people: his own, and those that were merged into it. */
const selves = `(SELECT id AS self_id, id AS owner_id FROM unnest($1::uuid[]) AS asked (id)
      UNION ALL SELECT id, survivor_id FROM person WHERE survivor_id = ANY ($1::uuid[])) self`;

/** Of the records that cover the day the last one holds; one without a value says that nothing does. */
export async function factsOfPeople(
  tx: Transaction,
  ids: readonly string[],
  day: string,
): Promise<Map<string, Record<string, string>>> {
  const rows = (await tx.query(
    `SELECT id, jsonb_object_agg(kind, value) AS facts FROM (
       SELECT DISTINCT ON (owner_id, kind) owner_id AS id, kind, value
       FROM ${selves} JOIN person_fact ON person_id = self_id
       WHERE valid_from <= $2::date AND (valid_until IS NULL OR valid_until > $2::date)
         AND NOT ${isSetAside('fact_id', 'person_fact', 'owner_id')}
       ORDER BY owner_id, kind, person_fact.id DESC) held
     WHERE value IS NOT NULL GROUP BY id`,
    [ids, day],
  )) as { id: string; facts: Record<string, string> }[];
  return new Map(rows.map(({ id, facts }) => [id, facts]));
}

/** The class of the household that each person belonged to on the day, as last recorded for its year. */
export async function povertyClassesOf(
  tx: Transaction,
  ids: readonly string[],
  day: string,
): Promise<Map<string, string>> {
  const rows = (await tx.query(
    `SELECT DISTINCT ON (owner_id) owner_id AS id, held.class
     FROM ${selves} JOIN household_member member ON member.person_id = self_id
     JOIN household_class held ON held.household_id = member.household_id
     WHERE NOT ${isSetAside('member_id', 'member', 'owner_id')} AND held.year = extract(year FROM $2::date)
       AND member.valid_from <= $2::date AND (member.valid_until IS NULL OR member.valid_until > $2::date)
     ORDER BY owner_id, held.id DESC`,
    [ids, day],
  )) as { id: string; class: string }[];
  return new Map(rows.map(({ id, class: povertyClass }) => [id, povertyClass]));
}
