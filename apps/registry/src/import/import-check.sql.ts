import { asSystem, type Transaction } from '@ansinh/database';
import { isSetAside, selvesOf, standsFor } from '../person/merged-records.sql.js';
import type { ImportKind } from './import-columns.js';
import type { ImportFindingCode } from './import-findings.js';

/** Rows with who stands for the number: two numbers may be one person's. */
const personLines = `(
  SELECT line.*, coalesce(person.survivor_id, person.id, line.number_key) AS person_id
  FROM import_row line LEFT JOIN person USING (number_key)) line`;

/**
 * $1 the import, $2 the places of the office. Each finds rows of one fault; rows that are blocked already are not looked at
 * again. The office's own people and employers are asked for by place, for all of this is one look as the system.
 */
const rules: Record<ImportKind, [ImportFindingCode, string][]> = {
  people: [
    ['REPEATED', repeated('number_key')],
    [
      'EXISTS_ALREADY',
      // Number by number, in the order of the index: joined as a whole, those of the province would all be gone through.
      `SELECT row_no, '{}'::jsonb FROM (
         SELECT row_no, number_key FROM import_row WHERE import_id = $1 AND NOT is_blocked ORDER BY number_key) line
       CROSS JOIN LATERAL (SELECT FROM person WHERE person.number_key = line.number_key LIMIT 1) known`,
    ],
  ],
  households: [
    ['REPEATED', repeated('person_id', personLines)],
    ['PERSON_UNKNOWN', withoutPerson()],
    [
      'MEMBER_ELSEWHERE',
      `SELECT row_no, '{}'::jsonb FROM import_row line JOIN person USING (number_key)
       JOIN household_member member ON member.person_id = person.id AND member.valid_until IS NULL
       WHERE import_id = $1 AND NOT is_blocked`,
    ],
    // Of merged people, whichever of their records is in a household.
    [
      'MEMBER_ELSEWHERE',
      `SELECT DISTINCT row_no, '{}'::jsonb FROM import_row line JOIN person named USING (number_key)
       JOIN person absorbed ON absorbed.survivor_id = ${standsFor('named')}
       JOIN household_member member ON member.person_id IN (absorbed.id, absorbed.survivor_id) AND member.valid_until IS NULL
       WHERE import_id = $1 AND NOT is_blocked AND NOT ${isSetAside('member_id', 'member', 'absorbed.survivor_id')}`,
    ],
    [
      'HOUSEHOLD_WITHOUT_HEAD',
      `SELECT row_no, '{}'::jsonb FROM import_row line WHERE import_id = $1 AND NOT is_blocked
         AND household_code IN (
           SELECT household_code FROM import_row WHERE import_id = $1
           GROUP BY household_code HAVING count(*) FILTER (WHERE relation = 'head' AND NOT is_blocked) <> 1)`,
    ],
  ],
  employers: [
    ['REPEATED', repeated('tax_code')],
    [
      'EXISTS_ALREADY',
      `SELECT row_no, '{}'::jsonb FROM import_row line WHERE import_id = $1 AND NOT is_blocked
         AND EXISTS (SELECT FROM employer WHERE employer.tax_code = line.tax_code)`,
    ],
  ],
  employment: [
    ['REPEATED', repeated('tax_code, person_id, valid_from', personLines)],
    ['PERSON_UNKNOWN', withoutPerson()],
    [
      'EMPLOYER_UNKNOWN',
      `SELECT row_no, '{}'::jsonb FROM import_row line WHERE import_id = $1 AND NOT is_blocked
         AND NOT EXISTS (SELECT FROM employer WHERE employer.tax_code = line.tax_code AND closed_on IS NULL
                           AND employer.office_code = ANY ($2::text[]))`,
    ],
    [
      'EXISTS_ALREADY',
      `SELECT row_no, '{}'::jsonb FROM import_row line
       JOIN employer USING (tax_code) JOIN person USING (number_key)
       WHERE import_id = $1 AND NOT is_blocked AND EXISTS (
         SELECT FROM employment WHERE employer_id = employer.id AND person_id = ${selvesOf(standsFor('person'))} AND contract_from = line.valid_from)`,
    ],
  ],
};

/** All but the first of the rows that are alike. */
function repeated(columns: string, lines = 'import_row'): string {
  return `SELECT row_no, jsonb_build_object('row', first) FROM (
       SELECT row_no, min(row_no) OVER (PARTITION BY ${columns}) AS first FROM ${lines}
       WHERE import_id = $1 AND NOT is_blocked AND ${columns.split(',')[0]} IS NOT NULL) alike
     WHERE row_no > first`;
}

function withoutPerson(): string {
  return `SELECT row_no, '{}'::jsonb FROM import_row line WHERE import_id = $1 AND NOT is_blocked
         AND NOT EXISTS (SELECT FROM person WHERE person.number_key = line.number_key
                           AND person.office_code = ANY ($2::text[]))`;
}

/** One statement a rule, whatever the number of rows; a row that a rule has blocked is not looked at by the next. */
export async function checkList(
  tx: Transaction,
  id: string,
  kind: ImportKind,
  offices: readonly string[],
): Promise<void> {
  await asSystem(tx, async () => {
    // Without fresh statistics the planner takes the table for empty, and compares every row with every other. A sample will do.
    await tx.query('SET LOCAL default_statistics_target = 10');
    await tx.query('ANALYZE import_row');
    for (const [code, rows] of rules[kind]) {
      const usesOffices = rows.includes('$2');
      await tx.query(
        `WITH found (row_no, facts) AS (${rows}), blocked AS (
           UPDATE import_row SET is_blocked = true FROM found WHERE import_id = $1 AND import_row.row_no = found.row_no)
         INSERT INTO import_finding (import_id, row_no, code, is_blocking, facts)
         SELECT $1, row_no, '${code}', true, facts FROM found`,
        usesOffices ? [id, offices] : [id],
      );
    }
  });
}
