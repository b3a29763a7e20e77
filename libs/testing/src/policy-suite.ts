import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { DataSource, type DataSourceOptions } from 'typeorm';
import { scopeOf } from '@ansinh/auth';
import { inTransaction, type Scope, sqlState } from '@ansinh/database';
import type { TestDatabase } from './test-database.js';

/** A service's database under the eyes of its offices. */
export interface PoliciedDatabase {
  database: TestDatabase;
  /** Above every policy. */
  owner: DataSource;
  /** The login of the service, on one connection: whatever it leaves behind, the next one finds. */
  service: DataSource;
  /** Those with row-level security. */
  tables: string[];
}

interface PolicySuite {
  freshDatabase(): Promise<TestDatabase>;
  dataSourceOptions(url: string): DataSourceOptions;
  /** Puts one row of an office into every table that belongs to offices, past every trigger. */
  plantRows(owner: DataSource, office: string, number: number): Promise<void>;
  /** Fewer, and the suite has not seen the schema. */
  tablesMin: number;
  /** Of the tables with states: a trigger asks this of a new row before the policy is asked. */
  firstStates: Record<string, string>;
}

export const scopeOfOffice = (office: string) =>
  scopeOf({ id: 'somebody', name: 'somebody', office, permissions: new Set() });
const [mine, theirs] = [scopeOfOffice('256'), scopeOfOffice('261')];

const insufficientPrivilege = '42501';
const appendOnly = '23000';

/** What becomes of a statement: the rows that it touched, or the SQLSTATE by which it was refused. */
export async function attempt(
  service: DataSource,
  scope: Scope,
  sql: string,
  parameters: unknown[] = [],
): Promise<number | string> {
  const undo = new Error('undone');
  let touched = -1;
  try {
    await inTransaction(service, scope, async (tx) => {
      const result = (await tx.query(sql, parameters)) as [object[], number] | object[];
      touched = typeof result[1] === 'number' ? result[1] : result.length;
      throw undo;
    });
  } catch (error) {
    if (error !== undo) return sqlState(error) ?? String(error);
  }
  return touched;
}

/** The rows that are seen: by their places on disk, which nothing moves here. */
export async function seenRows(service: DataSource, scope: Scope, table: string): Promise<string[]> {
  return inTransaction(service, scope, async (tx) => {
    const rows = (await tx.query(`SELECT ctid::text AS place FROM ${table} ORDER BY ctid`)) as {
      place: string;
    }[];
    return rows.map(({ place }) => place);
  });
}

/**
 * What holds for every table of every service, whatever the code above it does.
 * @returns the database, filled in before the first test
 */
export function testOfficePolicies(suite: PolicySuite): PoliciedDatabase {
  const kept = {} as PoliciedDatabase;
  beforeAll(async () => {
    const database = await suite.freshDatabase();
    const owner = await new DataSource(suite.dataSourceOptions(database.url)).initialize();
    const options = Object.assign(suite.dataSourceOptions(database.serviceUrl), { poolSize: 1 });
    const service = await new DataSource(options).initialize();
    await suite.plantRows(owner, '256', 1);
    await suite.plantRows(owner, '261', 2);
    const found = (await owner.query(
      `SELECT relname AS name FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p') AND relrowsecurity`,
    )) as { name: string }[];
    Object.assign(kept, { database, owner, service, tables: found.map(({ name }) => name).sort() });
  });
  afterAll(async () => {
    await kept.service.destroy();
    await kept.owner.destroy();
  });
  testDeclared(kept, suite);
  testReading(kept);
  testWriting(kept, suite);
  return kept;
}

function testDeclared(kept: PoliciedDatabase, { tablesMin }: PolicySuite): void {
  test('every table is protected, also from its owner, or open with a reason', async () => {
    const rows = (await kept.owner.query(
      `SELECT relname AS name, relrowsecurity AND relforcerowsecurity AND EXISTS (
                SELECT FROM pg_policy WHERE polrelid = pg_class.oid AND 'ansinh_office'::regrole = ANY (polroles)) AS is_protected,
              (SELECT obj_description(oid, 'pg_policy') FROM pg_policy WHERE polrelid = pg_class.oid AND polname = relname || '_open') AS comment
       FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p') ORDER BY relname`,
    )) as { name: string; is_protected: boolean; comment: string | null }[];
    expect(rows.length).toBeGreaterThan(tablesMin);
    const undeclared = rows.filter(
      ({ is_protected: isProtected, comment }) => isProtected === /.{10}/.test(comment ?? ''),
    );
    expect(undeclared).toEqual([]);
  });
}

function testReading(kept: PoliciedDatabase): void {
  const seen = (scope: Scope, table: string) => seenRows(kept.service, scope, table);

  test('an office sees its own rows of every table, the system all, nobody without a scope any', async () => {
    for (const table of kept.tables) {
      const [own, other, all] = [
        await seen(mine, table),
        await seen(theirs, table),
        await seen('system', table),
      ];
      expect({ table, own: own.length, other: other.length }).not.toMatchObject({ own: 0 });
      expect({ table, own: own.length, other: other.length }).not.toMatchObject({ other: 0 });
      expect({ table, rows: [...own, ...other].sort() }).toEqual({ table, rows: [...all].sort() });
      const [counted] = (await kept.owner.query(`SELECT count(*)::int AS rows FROM ${table}`)) as {
        rows: number;
      }[];
      expect(all).toHaveLength(counted!.rows);
      expect({ table, rows: await seen({ offices: [] }, table) }).toEqual({ table, rows: [] });
      expect({ table, rows: await seen(scopeOfOffice('99999'), table) }).toEqual({ table, rows: [] });
      // The login has no rights of its own, and an office's role sees nothing without offices.
      await expect(kept.service.query(`SELECT FROM ${table}`)).rejects.toThrow('permission denied');
      const unscoped = await kept.service.transaction(async (tx) => {
        await tx.query('SET LOCAL ROLE ansinh_office');
        return (await tx.query(`SELECT ctid FROM ${table}`)) as object[];
      });
      expect({ table, unscoped }).toEqual({ table, unscoped: [] });
    }
  });

  test('the province sees both', async () => {
    for (const table of kept.tables) {
      expect({ table, rows: await seen(scopeOfOffice('27'), table) }).toEqual({
        table,
        rows: await seen('system', table),
      });
    }
  });
}

function testWriting(kept: PoliciedDatabase, { firstStates }: PolicySuite): void {
  const seen = (scope: Scope, table: string) => seenRows(kept.service, scope, table);

  test('an office changes nothing of another one, in any table', async () => {
    for (const table of kept.tables) {
      const places = await seen(theirs, table);
      const [column] = (await kept.owner.query(
        `SELECT quote_ident(attname) AS name FROM pg_attribute
         WHERE attrelid = $1::regclass AND attnum > 0 AND attidentity = '' AND attgenerated = '' AND NOT attisdropped
         ORDER BY attnum LIMIT 1`,
        [table],
      )) as { name: string }[];
      const update = `UPDATE ${table} SET ${column!.name} = ${column!.name} WHERE ctid = ANY ($1::tid[])`;
      const remove = `DELETE FROM ${table} WHERE ctid = ANY ($1::tid[])`;
      for (const sql of [update, remove]) {
        const outcome = await attempt(kept.service, mine, sql, [places]);
        expect({ sql, outcome, isRefused: [0, appendOnly].includes(outcome) }).toMatchObject({
          isRefused: true,
        });
      }
    }
  });

  test('an office writes no row for another one, in any table', async () => {
    for (const table of kept.tables) {
      const copyOf = async (scope: Scope) => {
        const [place] = await seen(scope, table);
        const [row] = (await kept.owner.query(
          `SELECT to_jsonb(${table}) AS content FROM ${table} WHERE ctid = $1`,
          [place],
        )) as { content: Record<string, unknown> }[];
        const state = firstStates[table];
        return JSON.stringify({ ...row!.content, ...(state && { state }) });
      };
      const insert = `INSERT INTO ${table} OVERRIDING SYSTEM VALUE SELECT * FROM jsonb_populate_record(NULL::${table}, $1)`;
      expect({
        table,
        refusal: await attempt(kept.service, mine, insert, [await copyOf(theirs)]),
      }).toEqual({ table, refusal: insufficientPrivilege });
      // The same row of its own gets past the policies; what is said then is that it is there already.
      expect({
        table,
        refusal: await attempt(kept.service, mine, insert, [await copyOf(mine)]),
      }).not.toEqual({ table, refusal: insufficientPrivilege });
    }
  });
}
