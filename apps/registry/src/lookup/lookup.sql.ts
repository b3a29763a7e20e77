import { asSystem, type Transaction } from '@ansinh/database';
import { isSetAside, standsFor } from '../person/merged-records.sql.js';
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

/**
 * People of the caller's office by the keys of their numbers, those of before too. Whoever has a number now comes before
 * who had it. Whose number of before one is, is looked up as the system: the person himself is then asked for as the office.
 */
export async function peopleByKeys(
  tx: Transaction,
  keys: readonly string[],
): Promise<Map<string, FoundPerson>> {
  const before = await asSystem(tx, () =>
    tx.query(
      'SELECT number_key AS key, person_id AS id FROM person_number WHERE number_key = ANY ($1::uuid[])',
      [keys],
    ),
  );
  const rows = (await tx.query(
    `SELECT false AS "isNow", number.key, ${columns} FROM jsonb_to_recordset($2::jsonb) AS number (key uuid, id uuid)
     JOIN person asked ON asked.id = number.id JOIN person ON person.id = ${standsFor('asked')}
     UNION ALL
     SELECT true, asked.number_key, ${columns} FROM person asked JOIN person ON person.id = ${standsFor('asked')}
     WHERE asked.number_key = ANY ($1::uuid[])`,
    [keys, JSON.stringify(before)],
  )) as (FoundPerson & { key: string; isNow: boolean })[];
  const inOrder = rows.toSorted((one, other) => Number(one.isNow) - Number(other.isNow));
  return new Map(inOrder.map(({ key, isNow: _, ...person }) => [key, person]));
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
