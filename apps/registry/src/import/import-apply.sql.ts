import { sqlState, type Transaction } from '@ansinh/database';
import { isSetAside, standsFor } from '../person/merged-records.sql.js';
import type { ImportKind } from './import-columns.js';

const uniqueViolation = '23505';

/** Rows of one import from after `after` up to `to`. */
export interface Chunk {
  id: string;
  after: number;
  to: number;
}

/** $1 the import, $2 and $3 the bounds of the chunk. */
const chunk = `chunk AS (
  SELECT * FROM import_row WHERE import_id = $1 AND row_no > $2 AND row_no <= $3 AND NOT is_blocked)`;

const counted = '(SELECT count(*) FROM entered)::int AS rows, (SELECT count(*) FROM chunk)::int AS asked';

/**
 * $1 the import. People refer to names. Nearly all are there; of the others, in their order, for two imports may bring the same
 * ones at a time.
 */
const enterNames = `
INSERT INTO name_form (name_key, plain, initials)
SELECT name_key, min(plain_name), min(initials) FROM import_row line
WHERE import_id = $1 AND NOT is_blocked AND NOT EXISTS (SELECT FROM name_form known WHERE known.name_key = line.name_key)
GROUP BY name_key ORDER BY name_key
ON CONFLICT DO NOTHING`;

/** $4 who. */
const insertPeople = `
WITH ${chunk}
INSERT INTO person (id, number_key, sealed, name, name_key, birth_year, born_on, sex, ethnicity, office_code, recorded_by)
SELECT record_id, number_key, sealed, name, name_key, birth_year, born_on, sex, ethnicity, office_code, $4
FROM chunk ORDER BY row_no`;

/** All of the chunk, or those of it who are people by now. */
const ofChunk = { all: 'chunk', entered: 'chunk JOIN person ON person.id = record_id' } as const;

/** $4 who. */
const insertResidences = (of: keyof typeof ofChunk) => `
WITH ${chunk}
INSERT INTO person_residence (person_id, place_code, address, valid_from, recorded_by)
SELECT record_id, place_code, address, valid_from, $4 FROM ${ofChunk[of]} ORDER BY row_no`;

/**
 * As `recordEvents` does for those whose ids are at hand, and as late. $4 the type. Ids are one random value for all of them with the place
 * of each in it: a value for each is a quarter of the event.
 */
const tellRegistered = (of: keyof typeof ofChunk) => `
WITH ${chunk}, registered AS MATERIALIZED (
  SELECT record_id AS id, row_number() OVER (ORDER BY row_no) AS place FROM ${ofChunk[of]})
, head AS (
  UPDATE event_head SET last = last + (SELECT count(*) FROM registered)
  RETURNING last - (SELECT count(*) FROM registered) AS before, gen_random_uuid()::text AS random)
INSERT INTO event (seq, id, type, person_id)
SELECT head.before + place, overlay(random PLACING lpad(to_hex(place), 12, '0') FROM 25)::uuid, $4, id
FROM head, registered ORDER BY place`;

const countPeople = (of: keyof typeof ofChunk) => `
WITH ${chunk} SELECT count(*)::int AS rows, (SELECT count(*) FROM chunk)::int AS asked FROM ${ofChunk[of]}`;

/**
 * All of them, as nearly always: to ask of each whether it is there already takes a seventh longer. Whoever got a number since
 * the check was there first: the whole is refused then, at the first such row, and the rows of others enter without it.
 */
async function enterPeople(tx: Transaction, bounds: unknown[], actor: string): Promise<unknown> {
  let of: keyof typeof ofChunk = 'all';
  await tx.query('SAVEPOINT before_people');
  try {
    await tx.query(insertPeople, [...bounds, actor]);
  } catch (error) {
    if (sqlState(error) !== uniqueViolation) throw error;
    await tx.query('ROLLBACK TO SAVEPOINT before_people');
    of = 'entered';
    await tx.query(`${insertPeople} ON CONFLICT DO NOTHING`, [...bounds, actor]);
  }
  await tx.query(insertResidences(of), [...bounds, actor]);
  await tx.query(tellRegistered(of), [...bounds, 'person.registered']);
  return tx.query(countPeople(of), bounds);
}

const enterEmployers = `
WITH ${chunk}, entered AS (
INSERT INTO employer (id, tax_code, name, plain_name, kind, park, place_code, office_code, recorded_by)
SELECT record_id, tax_code, name, plain_name, kind, park, place_code, office_code, $4 FROM chunk ORDER BY row_no
ON CONFLICT DO NOTHING RETURNING 1)
SELECT ${counted}`;

/** Of merged people another record may be in a household; who is so by the one that stands is known by an index. */
const livesByAnotherRecord = `EXISTS (
  SELECT FROM person absorbed JOIN household_member member ON member.person_id = absorbed.id AND member.valid_until IS NULL
  WHERE absorbed.survivor_id = ${standsFor('person')} AND NOT ${isSetAside('member_id', 'member', 'absorbed.survivor_id')})`;

/**
 * A household has the id of its head's row, and enters with its head at the first of its rows, whichever chunk his is in. $4 who,
 * $5 places of the office: people may have moved since the check, and the head may have come into another household, or stand
 * for two heads by now: a household whose head does not enter is none.
 */
const enterHouseholds = `
WITH ${chunk}, head AS (
  SELECT DISTINCT head.row_no, head.record_id, head.valid_from, ${standsFor('person')} AS person_id, person.office_code
  FROM chunk
  JOIN import_row head ON head.import_id = $1 AND head.household_code = chunk.household_code AND head.relation = 'head'
    AND NOT head.is_blocked AND head.row_no > $2
  JOIN person ON person.number_key = head.number_key AND person.office_code = ANY ($5::text[])
  WHERE NOT EXISTS (SELECT FROM household WHERE id = head.record_id) AND NOT ${livesByAnotherRecord})
, entered AS (
  INSERT INTO household_member (household_id, person_id, relation, valid_from, recorded_by)
  SELECT record_id, person_id, 'head', valid_from, $4 FROM head ORDER BY row_no
  ON CONFLICT DO NOTHING RETURNING household_id)
INSERT INTO household (id, head_id, office_code, recorded_by)
SELECT record_id, person_id, office_code, $4 FROM entered JOIN head ON record_id = household_id`;

const enterMembers = `
WITH ${chunk}, entered AS (
INSERT INTO household_member (household_id, person_id, relation, valid_from, recorded_by)
SELECT household.id, ${standsFor('person')}, chunk.relation, chunk.valid_from, $4
FROM chunk
JOIN import_row head ON head.import_id = $1 AND head.household_code = chunk.household_code AND head.relation = 'head'
  AND NOT head.is_blocked
JOIN household ON household.id = head.record_id
JOIN person ON person.number_key = chunk.number_key AND person.office_code = ANY ($5::text[])
WHERE chunk.relation <> 'head' AND NOT ${livesByAnotherRecord}
ORDER BY chunk.row_no
ON CONFLICT DO NOTHING RETURNING 1)
SELECT ((SELECT count(*) FROM entered) + (SELECT count(*) FROM chunk JOIN household ON household.id = record_id))::int AS rows,
  (SELECT count(*) FROM chunk)::int AS asked`;

const enterEmployments = `
WITH ${chunk}, entered AS (
INSERT INTO employment (id, employer_id, person_id, contract_from, contract_until, insured_from, insured_until, recorded_by)
SELECT record_id, employer.id, ${standsFor('person')}, valid_from, chunk.valid_until, insured_from, insured_until, $4
FROM chunk
JOIN employer ON employer.tax_code = chunk.tax_code AND employer.closed_on IS NULL AND employer.office_code = ANY ($5::text[])
JOIN person ON person.number_key = chunk.number_key AND person.office_code = ANY ($5::text[])
ORDER BY row_no
ON CONFLICT DO NOTHING RETURNING 1)
SELECT ${counted}`;

/** $4 places of the office. */
const isPersonUnknown = `NOT EXISTS (
  SELECT FROM person WHERE person.number_key = chunk.number_key AND person.office_code = ANY ($4::text[]))`;

/** What is not there after all, of each kind: rows of the chunk without their record, and the code by which the check says why. */
const leftOut: Record<ImportKind, { code: string; record: string }> = {
  people: { code: `'EXISTS_ALREADY'`, record: 'SELECT FROM person WHERE id = record_id' },
  employers: { code: `'EXISTS_ALREADY'`, record: 'SELECT FROM employer WHERE id = record_id' },
  employment: {
    code: `CASE WHEN ${isPersonUnknown} THEN 'PERSON_UNKNOWN' ELSE 'EMPLOYER_UNKNOWN' END`,
    record: 'SELECT FROM employment WHERE id = record_id',
  },
  households: {
    code: `CASE WHEN ${isPersonUnknown} THEN 'PERSON_UNKNOWN'
      WHEN relation = 'head' OR EXISTS (
        SELECT FROM import_row head JOIN household ON household.id = head.record_id
        WHERE head.import_id = $1 AND head.household_code = chunk.household_code AND head.relation = 'head')
      THEN 'MEMBER_ELSEWHERE' ELSE 'HOUSEHOLD_WITHOUT_HEAD' END`,
    record: `SELECT FROM import_row head JOIN person ON person.number_key = chunk.number_key
      JOIN household_member member ON member.household_id = head.record_id AND member.person_id = ${standsFor('person')}
        AND member.relation = chunk.relation
      WHERE head.import_id = $1 AND head.household_code = chunk.household_code AND head.relation = 'head'`,
  },
};

/** Where the records of a list go; the first has as many rows as it. */
const tablesOf: Record<ImportKind, [string, ...string[]]> = {
  people: ['person', 'person_residence', 'name_form', 'name_word'],
  households: ['household_member', 'household'],
  employers: ['employer'],
  employment: ['employment'],
};

/**
 * Enters the rows of a chunk that nothing blocks. The first one of a list of people brings the names of them all: two chunks at a time
 * have many names in common, and each new one would wait for the other's commit.
 * @returns how many did, and whether those were all
 */
export async function enterChunk(
  tx: Transaction,
  kind: ImportKind,
  rows: Chunk,
  { id: actor, offices }: { id: string; offices: readonly string[] },
): Promise<{ entered: number; isWhole: boolean }> {
  const bounds = [rows.id, rows.after, rows.to];
  const [byActor, byOffice] = [
    [...bounds, actor],
    [...bounds, actor, offices],
  ];
  const enter: Record<ImportKind, () => Promise<unknown>> = {
    people: async () => {
      if (rows.after === 0) await tx.query(enterNames, [rows.id]);
      return enterPeople(tx, bounds, actor);
    },
    households: async () => {
      await tx.query(enterHouseholds, byOffice);
      return tx.query(enterMembers, byOffice);
    },
    employers: () => tx.query(enterEmployers, byActor),
    employment: () => tx.query(enterEmployments, byOffice),
  };
  const [entered] = (await enter[kind]()) as [{ rows: number; asked: number }];
  const isWhole = entered.rows === entered.asked;
  if (!isWhole) {
    const { code, record } = leftOut[kind];
    await tx.query(
      `WITH ${chunk}
       INSERT INTO import_finding (import_id, row_no, code, is_blocking)
       SELECT $1, row_no, ${code}, true FROM chunk WHERE NOT EXISTS (${record}) ON CONFLICT DO NOTHING`,
      code.includes('$4') ? [...bounds, offices] : bounds,
    );
  }
  return { entered: entered.rows, isWhole };
}

/** Statistics follow a list of a tenth of what is there: nobody waits for a sample of 1.5 million people after a list of ten. */
export async function analyseEntered(tx: Transaction, kind: ImportKind, rows: number): Promise<void> {
  const tables = tablesOf[kind];
  const [{ known }] = (await tx.query('SELECT reltuples AS known FROM pg_class WHERE oid = $1::regclass', [
    tables[0],
  ])) as [{ known: number }];
  if (rows >= known / 10) await tx.query(`ANALYZE ${tables.join(', ')}`);
}
