import { beforeAll, describe, expect, test } from '@jest/globals';
import type { DataSource } from 'typeorm';
import { asSystem, inTransaction, requireServiceLogin, streamRows, type Transaction } from '@ansinh/database';
import {
  attempt,
  scopeOfOffice,
  seenRows,
  spawnApp,
  type TestDatabase,
  testOfficePolicies,
} from '@ansinh/testing';
import { dataSourceOptions } from '../src/data-source.js';
import { freshDatabase } from './harness.js';
import { plantRows } from './planted-rows.js';

const [mine, theirs] = [scopeOfOffice('256'), scopeOfOffice('261')];

const kept = testOfficePolicies({
  freshDatabase,
  dataSourceOptions,
  plantRows,
  tablesMin: 37,
  firstStates: { batch: 'draft', chunk: 'pending', payment_exception: 'open' },
});
let database: TestDatabase;
let owner: DataSource;
let service: DataSource;
beforeAll(() => {
  ({ database, owner, service } = kept);
});

const insufficientPrivilege = '42501';

test('an office gives no record of its own away', async () => {
  for (const table of ['fund', 'batch', 'schedule'])
    expect(await attempt(service, mine, `UPDATE ${table} SET office_code = '261'`)).toBe(
      insufficientPrivilege,
    );
});

test('a district sees the line that another one pays to its people, and nothing else of it', async () => {
  await owner.query(`UPDATE payment_line SET place_code = '256' WHERE batch_number = 2`);
  try {
    expect(await seenRows(service, mine, 'payment_line')).toHaveLength(2);
    for (const table of ['payment', 'sealed_block', 'batch'])
      expect(await seenRows(service, mine, table)).toHaveLength(1);
    const update = `UPDATE payment_line SET payee_name = 'x' WHERE batch_number = 2`;
    expect(await attempt(service, mine, update)).toBe(0);
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
