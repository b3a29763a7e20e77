import type { Transaction } from '@ansinh/database';
import {
  type DuplicateReasonCode,
  duplicateReasons,
  likenessMin,
  reasonsAgainst,
  scoreMin,
  sharedMax,
} from './duplicate-reasons.js';

export interface FoundPair {
  oneId: string;
  otherId: string;
  score: number;
  reasons: DuplicateReasonCode[];
}

/** Whom pairs are looked for: the people of these communes, or of them one person. */
export interface Subjects {
  communes: readonly string[];
  /** With his contacts, which may have no keys in the tables yet. */
  person: { id: string; birthYear: number; contacts: readonly Contact[] } | null;
}

export interface Contact {
  kind: 'phone' | 'insurance';
  key: string;
}

/**
 * `$1` communes, `$2` year of birth and `$3` id of one person, `$4` and `$5` his contacts, `$6` weights, `$7` how many may share a
 * key, `$8` how alike names are, `$9` the least score. People are compared only within what they share: numbers, accounts and
 * contacts anywhere, a whole name by day of birth anywhere, names that are alike within day and commune. No step is of all
 * with all, and a key of too many makes no pair. An absorbed record counts for the one that stands for it.
 */
const pairs = `
subject AS MATERIALIZED (
  SELECT person.id, coalesce(survivor_id, person.id) AS owner_id, number_key, plain, birth_year, born_on, office_code
  FROM person JOIN name_form USING (name_key)
  WHERE office_code = ANY ($1::text[]) AND ($2::int IS NULL OR birth_year = $2)
),
asked AS MATERIALIZED (
  SELECT 'SAME_NUMBER' AS code, number_key AS key FROM subject WHERE number_key IS NOT NULL
  UNION SELECT 'SAME_NUMBER', number.number_key FROM subject JOIN person_number number ON person_id = subject.id
  UNION SELECT 'SAME_ACCOUNT', account_key FROM subject JOIN person_account ON person_id = subject.id
  UNION SELECT 'contact', contact_key FROM subject JOIN person_contact ON person_id = subject.id
  UNION SELECT 'contact', key FROM unnest($5::uuid[]) AS own (key)
),
holder AS (
  SELECT code, key, person_id FROM asked JOIN person_number ON code = 'SAME_NUMBER' AND number_key = key
  UNION ALL SELECT code, key, person.id FROM asked JOIN person ON code = 'SAME_NUMBER' AND number_key = key
  UNION ALL SELECT code, key, person_id FROM asked JOIN person_account ON code = 'SAME_ACCOUNT' AND account_key = key
  UNION ALL SELECT CASE kind WHEN 'phone' THEN 'SAME_PHONE' ELSE 'SAME_INSURANCE' END, key, person_id
    FROM asked JOIN person_contact ON code = 'contact' AND contact_key = key
  UNION ALL SELECT CASE kind WHEN 'phone' THEN 'SAME_PHONE' ELSE 'SAME_INSURANCE' END, key, $3::uuid
    FROM unnest($4::text[], $5::uuid[]) AS own (kind, key)
),
day AS MATERIALIZED (SELECT DISTINCT born_on, plain FROM subject WHERE born_on IS NOT NULL),
shared AS MATERIALIZED (
  SELECT code, array_agg(DISTINCT coalesce(survivor_id, person.id)) AS people
  FROM holder JOIN person ON person.id = person_id GROUP BY code, key
  UNION ALL
  SELECT 'SAME_NAME_BIRTH', array_agg(DISTINCT coalesce(survivor_id, person.id))
  FROM person JOIN name_form USING (name_key) JOIN day USING (born_on, plain) GROUP BY born_on, plain
  UNION ALL
  SELECT 'SAME_NAME_YEAR', array_agg(DISTINCT owner_id) FROM subject
  GROUP BY office_code, birth_year, plain HAVING bool_or(born_on IS NULL)
),
crowd AS (
  SELECT office_code, born_on FROM subject GROUP BY office_code, born_on HAVING count(*) > $7
),
alike AS (
  SELECT one.owner_id AS one_id, other.owner_id AS other_id, 'SIMILAR_NAME_BIRTH' AS code
  FROM subject one JOIN subject other USING (office_code, born_on)
  WHERE one.id < other.id AND one.plain <> other.plain AND similarity(one.plain, other.plain) >= $8
    AND NOT EXISTS (SELECT FROM crowd WHERE (crowd.office_code, crowd.born_on) = (one.office_code, one.born_on))
),
positive AS (
  SELECT one_id, other_id, code FROM shared, unnest(people) AS one_id, unnest(people) AS other_id
  WHERE cardinality(people) BETWEEN 2 AND $7 AND one_id < other_id
  UNION
  SELECT least(one_id, other_id), greatest(one_id, other_id), code FROM alike WHERE one_id <> other_id
),
reason AS (
  SELECT found.one_id, found.other_id, said.code
  FROM (SELECT one_id, other_id, array_agg(code) AS codes FROM positive
        WHERE $3::uuid IS NULL OR $3 IN (one_id, other_id) GROUP BY one_id, other_id) found
  JOIN person one ON one.id = found.one_id
  JOIN person other ON other.id = found.other_id
  CROSS JOIN LATERAL (
    SELECT code FROM unnest(codes) AS code
    WHERE code <> 'SAME_NAME_YEAR' OR one.born_on IS NULL OR other.born_on IS NULL
    UNION ALL SELECT 'SAME_PLACE' WHERE one.office_code = other.office_code
    UNION ALL SELECT 'OTHER_SEX' WHERE one.sex <> other.sex
    UNION ALL SELECT 'OTHER_BIRTH' WHERE one.birth_year <> other.birth_year
    UNION ALL SELECT 'OTHER_NUMBER' WHERE one.number_key <> other.number_key) said
),
pair AS (
  SELECT one_id, other_id, greatest(0, least(100, sum(($6::jsonb ->> code)::int)))::smallint AS score,
         array_agg(code ORDER BY ($6::jsonb ->> code)::int DESC, code) AS reasons
  FROM reason GROUP BY one_id, other_id HAVING sum(($6::jsonb ->> code)::int) >= $9
)`;

function parametersOf({ communes, person }: Subjects): unknown[] {
  const weights = Object.entries(duplicateReasons).map(([code, { weight }]) => [code, weight]);
  return [
    communes,
    person?.birthYear ?? null,
    person?.id ?? null,
    person?.contacts.map(({ kind }) => kind) ?? [],
    person?.contacts.map(({ key }) => key) ?? [],
    JSON.stringify(Object.fromEntries(weights)),
    sharedMax,
    likenessMin,
    scoreMin,
  ];
}

/** Those that may be one person with this one, the likeliest first. Nothing is written. */
export async function pairsOfPerson(tx: Transaction, subjects: Subjects): Promise<FoundPair[]> {
  return (await tx.query(
    `WITH ${pairs}
     SELECT one_id AS "oneId", other_id AS "otherId", score, reasons FROM pair ORDER BY score DESC, one_id, other_id`,
    parametersOf(subjects),
  )) as FoundPair[];
}

export interface PairCounts {
  people: number;
  pairs: number;
  /** Keys that too many share, by reason. */
  passedOver: Record<string, number>;
}

/**
 * Finds the pairs of a commune and keeps them. One that was judged different is open again only if something speaks for it that
 * the judge did not have before him; an open one that nothing speaks for any more, and nobody judged, is gone.
 */
export async function keepPairs(tx: Transaction, commune: string): Promise<PairCounts> {
  const parameters = parametersOf({ communes: [commune], person: null });
  const [counts] = (await tx.query(
    `WITH ${pairs}, kept AS (
       INSERT INTO duplicate_pair (one_id, other_id, score, reasons)
       SELECT one_id, other_id, score, reasons FROM pair ORDER BY one_id, other_id
       ON CONFLICT (one_id, other_id) DO UPDATE SET score = EXCLUDED.score, reasons = EXCLUDED.reasons,
         found_at = clock_timestamp(),
         state = CASE WHEN duplicate_pair.state = 'different' AND EXISTS (
             SELECT unnest(EXCLUDED.reasons) EXCEPT SELECT unnest(duplicate_pair.judged_on) EXCEPT SELECT unnest($10::text[]))
           THEN 'open' ELSE duplicate_pair.state END
       RETURNING 1)
     SELECT (SELECT count(*)::int FROM subject) AS people, (SELECT count(*)::int FROM kept) AS pairs,
       (SELECT coalesce(jsonb_object_agg(code, keys), '{}') FROM (
          SELECT code, count(*)::int AS keys FROM shared WHERE cardinality(people) > $7 GROUP BY code
          UNION ALL SELECT 'SIMILAR_NAME_BIRTH', count(*)::int FROM crowd HAVING count(*) > 0) too) AS "passedOver"`,
    [...parameters, reasonsAgainst],
  )) as PairCounts[];
  await tx.query(
    `DELETE FROM duplicate_pair WHERE state = 'open' AND found_at < now()
       AND NOT EXISTS (SELECT FROM duplicate_verdict WHERE pair_id = duplicate_pair.id)
       AND EXISTS (SELECT FROM person WHERE id IN (one_id, other_id) AND office_code = $1)`,
    [commune],
  );
  return counts!;
}
