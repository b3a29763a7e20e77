import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { DataSource } from 'typeorm';
import { scopeOf } from '@ansinh/auth';
import {
  asSystem,
  inTransaction,
  requireServiceLogin,
  type Scope,
  sqlState,
  streamRows,
  type Transaction,
} from '@ansinh/database';
import { spawnApp, type TestDatabase } from '@ansinh/testing';
import { dataSourceOptions } from '../src/data-source.js';
import { freshDatabase } from './harness.js';
import { plantRows } from './planted-rows.js';

const scopeOfOffice = (office: string) =>
  scopeOf({ id: 'somebody', name: 'somebody', office, permissions: new Set() });
const [mine, theirs] = [scopeOfOffice('256'), scopeOfOffice('261')];

let database: TestDatabase;
let owner: DataSource;
/** The login of a service, on one connection: whatever it leaves behind, the next one finds. */
let service: DataSource;
let tables: string[];

beforeAll(async () => {
  database = await freshDatabase();
  owner = await new DataSource(dataSourceOptions(database.url)).initialize();
  const options = Object.assign(dataSourceOptions(database.serviceUrl), { poolSize: 1 });
  service = await new DataSource(options).initialize();
  await plantRows(owner, '256', 1);
  await plantRows(owner, '261', 2);
  const found = (await owner.query(
    `SELECT relname AS name FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p') AND relrowsecurity`,
  )) as { name: string }[];
  tables = found.map(({ name }) => name).sort();
});
afterAll(async () => {
  await service.destroy();
  await owner.destroy();
});

/** The rows that are seen: by their places on disk, which nothing moves here. */
async function seen(scope: Scope, table: string): Promise<string[]> {
  return inTransaction(service, scope, async (tx) => {
    const rows = (await tx.query(`SELECT ctid::text AS place FROM ${table} ORDER BY ctid`)) as {
      place: string;
    }[];
    return rows.map(({ place }) => place);
  });
}

/** What becomes of a statement: the rows that it touched, or the SQLSTATE by which it was refused. */
async function attempt(scope: Scope, sql: string, parameters: unknown[] = []): Promise<number | string> {
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

const insufficientPrivilege = '42501';
const appendOnly = '23000';

test('every table is protected, also from its owner, or open with a reason', async () => {
  const rows = (await owner.query(
    `SELECT relname AS name, relrowsecurity AND relforcerowsecurity AND EXISTS (
              SELECT FROM pg_policy WHERE polrelid = pg_class.oid AND 'ansinh_office'::regrole = ANY (polroles)) AS is_protected,
            (SELECT obj_description(oid, 'pg_policy') FROM pg_policy WHERE polrelid = pg_class.oid AND polname = relname || '_open') AS comment
     FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p') ORDER BY relname`,
  )) as { name: string; is_protected: boolean; comment: string | null }[];
  expect(rows.length).toBeGreaterThan(35);
  const undeclared = rows.filter(
    ({ is_protected: isProtected, comment }) => isProtected === /.{10}/.test(comment ?? ''),
  );
  expect(undeclared).toEqual([]);
});

test('an office sees its own rows of every table, the system all, nobody without a scope any', async () => {
  for (const table of tables) {
    const [own, other, all] = [
      await seen(mine, table),
      await seen(theirs, table),
      await seen('system', table),
    ];
    expect({ table, own: own.length, other: other.length }).not.toMatchObject({ own: 0 });
    expect({ table, own: own.length, other: other.length }).not.toMatchObject({ other: 0 });
    expect({ table, rows: [...own, ...other].sort() }).toEqual({ table, rows: [...all].sort() });
    const [counted] = (await owner.query(`SELECT count(*)::int AS rows FROM ${table}`)) as { rows: number }[];
    expect(all).toHaveLength(counted!.rows);
    expect({ table, rows: await seen({ offices: [] }, table) }).toEqual({ table, rows: [] });
    expect({ table, rows: await seen(scopeOfOffice('99999'), table) }).toEqual({ table, rows: [] });
    // The login has no rights of its own, and an office's role sees nothing without offices.
    await expect(service.query(`SELECT FROM ${table}`)).rejects.toThrow('permission denied');
    const unscoped = await service.transaction(async (tx) => {
      await tx.query('SET LOCAL ROLE ansinh_office');
      return (await tx.query(`SELECT ctid FROM ${table}`)) as object[];
    });
    expect({ table, unscoped }).toEqual({ table, unscoped: [] });
  }
});

test('the province sees both', async () => {
  for (const table of tables) {
    expect({ table, rows: await seen(scopeOfOffice('27'), table) }).toEqual({
      table,
      rows: await seen('system', table),
    });
  }
});

test('an office changes nothing of another one, in any table', async () => {
  for (const table of tables) {
    const places = await seen(theirs, table);
    const [column] = (await owner.query(
      `SELECT quote_ident(attname) AS name FROM pg_attribute
       WHERE attrelid = $1::regclass AND attnum > 0 AND attidentity = '' AND NOT attisdropped ORDER BY attnum LIMIT 1`,
      [table],
    )) as { name: string }[];
    const update = `UPDATE ${table} SET ${column!.name} = ${column!.name} WHERE ctid = ANY ($1::tid[])`;
    const remove = `DELETE FROM ${table} WHERE ctid = ANY ($1::tid[])`;
    for (const sql of [update, remove]) {
      const outcome = await attempt(mine, sql, [places]);
      expect({ sql, outcome, isRefused: [0, appendOnly].includes(outcome) }).toMatchObject({
        isRefused: true,
      });
    }
  }
});

/** A trigger asks this of a new row before the policy is asked. */
const firstStates: Record<string, string> = { batch: 'draft', chunk: 'pending', payment_exception: 'open' };

test('an office writes no row for another one, in any table', async () => {
  for (const table of tables) {
    const copyOf = async (scope: Scope) => {
      const [place] = await seen(scope, table);
      const [row] = (await owner.query(`SELECT to_jsonb(${table}) AS content FROM ${table} WHERE ctid = $1`, [
        place,
      ])) as { content: Record<string, unknown> }[];
      const state = firstStates[table];
      return JSON.stringify({ ...row!.content, ...(state && { state }) });
    };
    const insert = `INSERT INTO ${table} OVERRIDING SYSTEM VALUE SELECT * FROM jsonb_populate_record(NULL::${table}, $1)`;
    expect({ table, refusal: await attempt(mine, insert, [await copyOf(theirs)]) }).toEqual({
      table,
      refusal: insufficientPrivilege,
    });
    // The same row of its own gets past the policies; what is said then is that it is there already.
    expect({ table, refusal: await attempt(mine, insert, [await copyOf(mine)]) }).not.toEqual({
      table,
      refusal: insufficientPrivilege,
    });
  }
});

test('an office gives no record of its own away', async () => {
  for (const table of ['fund', 'batch', 'schedule'])
    expect(await attempt(mine, `UPDATE ${table} SET office_code = '261'`)).toBe(insufficientPrivilege);
});

test('a district sees the line that another one pays to its people, and nothing else of it', async () => {
  await owner.query(`UPDATE payment_line SET place_code = '256' WHERE batch_number = 2`);
  try {
    expect(await seen(mine, 'payment_line')).toHaveLength(2);
    for (const table of ['payment', 'sealed_block', 'batch']) expect(await seen(mine, table)).toHaveLength(1);
    const update = `UPDATE payment_line SET payee_name = 'x' WHERE batch_number = 2`;
    expect(await attempt(mine, update)).toBe(0);
  } finally {
    await owner.query(`UPDATE payment_line SET place_code = '261' WHERE batch_number = 2`);
  }
});

describe('a pooled connection', () => {
  const left = async () => {
    const [row] = (await service.query(
      `SELECT current_user = session_user AS has_no_role, current_setting('ansinh.offices', true) AS offices`,
    )) as { has_no_role: boolean; offices: string | null }[];
    return { hasNoRole: row!.has_no_role, offices: row!.offices ?? '' };
  };
  const clean = { hasNoRole: true, offices: '' };
  const fundsOf = async (tx: Transaction) => (await tx.query('SELECT office_code FROM fund')) as object[];

  test('serves two offices by turns, and keeps neither', async () => {
    const asked = Array.from({ length: 20 }, (_, turn) =>
      inTransaction(service, turn % 2 === 0 ? mine : theirs, fundsOf),
    );
    const answers = await Promise.all(asked);
    answers.forEach((funds, turn) =>
      expect(funds).toEqual([{ office_code: turn % 2 === 0 ? '256' : '261' }]),
    );
    expect(await left()).toEqual(clean);
  });

  test('keeps no scope after a failure, the system’s neither', async () => {
    for (const scope of [mine, 'system'] as const) {
      await expect(inTransaction(service, scope, async (tx) => tx.query('SELECT 1 / 0'))).rejects.toThrow(
        'division by zero',
      );
      expect(await left()).toEqual(clean);
    }
  });

  test('keeps no scope after a stream that was read to its end, or left', async () => {
    const sql = 'SELECT generate_series(1, 5000), office_code FROM fund';
    let rows = 0;
    for await (const row of streamRows<{ office_code: string }>(service, theirs, sql, [])) {
      expect(row).toMatchObject({ office_code: '261' });
      rows += 1;
    }
    expect(rows).toBe(5000);
    expect(await left()).toEqual(clean);
    for await (const row of streamRows<{ office_code: string }>(service, mine, sql, [])) {
      expect(row).toMatchObject({ office_code: '256' });
      break;
    }
    expect(await left()).toEqual(clean);
  });
});

describe('a look beyond the office', () => {
  const officesOf = async (tx: Transaction) =>
    ((await tx.query('SELECT office_code FROM batch ORDER BY number')) as { office_code: string }[]).map(
      (row) => row.office_code,
    );

  test('ends with itself, also when it is refused', async () => {
    await inTransaction(service, mine, async (tx) => {
      expect(await asSystem(tx, officesOf)).toEqual(['256', '261']);
      expect(await officesOf(tx)).toEqual(['256']);
      const refusal = new Error('refused');
      await expect(asSystem(tx, () => Promise.reject(refusal))).rejects.toBe(refusal);
      expect(await officesOf(tx)).toEqual(['256']);
    });
  });

  test('tells the failure of its own statement', async () => {
    const failing = inTransaction(service, mine, (tx) => asSystem(tx, () => tx.query('SELECT 1 / 0')));
    await expect(failing).rejects.toThrow('division by zero');
  });
});

test('a service does not start under a login with rights of its own', async () => {
  await expect(requireServiceLogin(service)).resolves.toBeUndefined();
  const environment = {
    DATABASE_URL: database.url,
    OIDC_ISSUER: 'http://127.0.0.1:9',
    SEALING_KEYS: `1:${Buffer.alloc(32, 7).toString('base64')}`,
    LOOKUP_KEY: Buffer.alloc(32, 8).toString('base64'),
    BANK_URL: 'http://127.0.0.1:9',
    BANK_API_TOKEN: 'test',
  };
  await expect(spawnApp({ app: 'disbursements', environment })).rejects.toThrow(
    /DATABASE_URL: the login .* is above row-level security; owns the tables/,
  );
});
