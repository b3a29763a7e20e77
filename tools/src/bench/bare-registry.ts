import { createReadStream, createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import pg from 'pg';
import { from as copyFrom, to as copyTo } from 'pg-copy-streams';
import { searchForm } from '@ansinh/identity';
import { secondsOf } from './clock.js';
import { latencyOf, type Load, type LoadResult } from './load.js';

/** The least that PostgreSQL can be asked for a page of people by words of their names: nobody's rights, no second thought. */
const search = `
SELECT person.* FROM (
  SELECT name_key, length(plain) AS rank FROM name_form
  WHERE string_to_array(plain, ' ') && (SELECT array_agg(word) FROM name_word WHERE word LIKE $1)
    AND string_to_array(plain, ' ') && (SELECT array_agg(word) FROM name_word WHERE word LIKE $2)
  ORDER BY rank, name_key LIMIT 8) form
CROSS JOIN LATERAL (
  SELECT * FROM person WHERE person.name_key = form.name_key ORDER BY office_code, birth_year, id LIMIT 20) person
ORDER BY form.rank, form.name_key, office_code, birth_year, id LIMIT 20`;

export async function searchBare(
  url: string,
  typed: string[],
  { connections, seconds }: Load,
): Promise<LoadResult> {
  const until = performance.now() + seconds * 1_000;
  const took: number[] = [];
  const ask = async (_: unknown, connection: number) => {
    const first = Math.floor((connection * typed.length) / connections);
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    for (let next = first; performance.now() < until; next += 1) {
      const [word = '', other = ''] = searchForm(typed[next % typed.length]!).split(' ');
      const seconds = await secondsOf(() =>
        client.query({ name: 'search', text: search, values: [`%${word}%`, `%${other}%`] }),
      );
      took.push(seconds * 1_000);
    }
    await client.end();
  };
  await Promise.all(Array.from({ length: connections }, ask));
  return { requestsPerSecond: took.length / seconds, ...latencyOf(took) };
}

const lookup = `
SELECT person.*, (SELECT jsonb_object_agg(kind, value) FROM person_fact WHERE person_id = person.id) AS facts,
  (SELECT class FROM household_member JOIN household_class USING (household_id)
   WHERE person_id = person.id ORDER BY household_class.id DESC LIMIT 1) AS class
FROM person WHERE number_key = ANY ($1::uuid[])`;

/** @returns seconds */
export async function lookUpBare(url: string, keys: string[], keysPerLook: number): Promise<number> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const seconds = await secondsOf(async () => {
    for (let first = 0; first < keys.length; first += keysPerLook) {
      await client.query({ name: 'lookup', text: lookup, values: [keys.slice(first, first + keysPerLook)] });
    }
  });
  await client.end();
  return seconds;
}

/** What an import leaves in the registry, by the list that brought it. */
const enteredBy: Record<'person' | 'person_residence' | 'event', string> = {
  person: 'SELECT person.* FROM import_row JOIN person ON person.id = record_id',
  person_residence:
    'SELECT residence.* FROM import_row JOIN person_residence residence ON person_id = record_id',
  event: 'SELECT event.* FROM import_row JOIN event ON person_id = record_id',
};

/** COPY of what a list left in the registry into tables without indexes, and then their indexes. @returns seconds */
export async function copyBare(url: string, folder: string, importId: string): Promise<number> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  let seconds = 0;
  for (const [table, entered] of Object.entries(enteredBy)) {
    const file = join(folder, `${table}.copy`);
    // The value is ours, and COPY takes no parameters.
    const rows = `${entered} WHERE import_id = ${client.escapeLiteral(importId)} ORDER BY row_no`;
    await pipeline(
      client.query(copyTo(`COPY (${rows}) TO STDOUT`)),
      createWriteStream(file, { mode: 0o600 }),
    );
    await client.query(`CREATE TABLE bare_${table} (LIKE ${table})`);
    const indexes = await indexesOf(client, table);
    seconds += await secondsOf(async () => {
      await pipeline(createReadStream(file), client.query(copyFrom(`COPY bare_${table} FROM STDIN`)));
      for (const index of indexes) await client.query(index);
    });
    await client.query(`DROP TABLE bare_${table}`);
  }
  await client.end();
  return seconds;
}

async function indexesOf(client: pg.Client, table: string): Promise<string[]> {
  const { rows } = await client.query<{ name: string; sql: string }>(
    'SELECT indexname AS name, indexdef AS sql FROM pg_indexes WHERE tablename = $1',
    [table],
  );
  return rows.map(({ name, sql }) =>
    sql.replace(` ${name} ON public.${table} `, ` bare_${name} ON public.bare_${table} `),
  );
}
