import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { DataSource } from 'typeorm';
import { type Actor, scopeOf } from '@ansinh/auth';
import { askPlanned, inTransaction, type PatientClient, type PlannedQuery } from '@ansinh/database';
import type { PlayedClient } from '@ansinh/testing';
import { namedPeople } from '../src/person/named-people.sql.js';
import { type Harness, startHarness } from './harness.js';
import { enterPerson } from './people.js';

let harness: Harness;
let officer: PlayedClient;
let province: PlayedClient;

const names: [string, number][] = [
  ['Nguyễn Thị Hoà', 1985],
  ['Nguyễn Thị Hòa', 1990],
  ['Nguyễn Văn Hoà', 1971],
  ['Nguyễn Thị Hoa', 1985],
  ['Nguyễn Thị Hoài', 1985],
  ['Trần Văn Đức', 1960],
  ['Trần Văn Đước', 1961],
  ['Trần Văn Điện', 1962],
  ['Nguyễn Thị Hậu', 1963],
  ['Đặng Thuỳ Trâm', 1943],
];

beforeAll(async () => {
  harness = await startHarness();
  officer = await harness.as({ sub: 'officer', office: '256' });
  province = await harness.as({ sub: 'province', office: '27' });
  for (const [name, birthYear] of names) await enterPerson(officer, { name, birthYear });
  const other = await harness.as({ sub: 'other', office: '261' });
  await enterPerson(other, {
    name: 'Nguyễn Thị Hoà',
    birthYear: 1999,
    residence: { placeCode: '09367', validFrom: '2022-01-01' },
  });
});
afterAll(() => harness.stop());

interface Found {
  items: { name: string; birthYear: number; id: string }[];
  next: string | null;
}

async function search(query: string, client = officer): Promise<Found> {
  const path = `/v1/people?${new URLSearchParams(query).toString()}`;
  return (await client.get(path).expect(200)).body as Found;
}
const firstOf = async (q: string) => (await search(`q=${q}`)).items.map(({ name }) => name)[0];

describe('what an officer types', () => {
  test.each([
    ['Nguyễn Văn Hoà', 'Nguyễn Văn Hoà'],
    ['nguyen van hoa', 'Nguyễn Văn Hoà'],
    ['NGUYỄN VĂN HÒA', 'Nguyễn Văn Hoà'],
    ['van hoa', 'Nguyễn Văn Hoà'],
    ['nguyen hoa 1971', 'Nguyễn Văn Hoà'],
    ['tram', 'Đặng Thuỳ Trâm'],
    ['thuy', 'Đặng Thuỳ Trâm'],
    ['Thùy', 'Đặng Thuỳ Trâm'],
    ['dtt', 'Đặng Thuỳ Trâm'],
    // Slips of the finger.
    ['dang thuy tran', 'Đặng Thuỳ Trâm'],
    ['tran van duoc', 'Trần Văn Đước'],
    ['tran vna duc', 'Trần Văn Đức'],
    ['trn van duc', 'Trần Văn Đức'],
    ['nguyen van hao', 'Nguyễn Văn Hoà'],
    ['duccc tran', 'Trần Văn Đức'],
    ['thuyy', 'Đặng Thuỳ Trâm'],
  ])('«%s» finds %s first', async (q, name) => expect(await firstOf(q)).toBe(name));

  test('marks as typed come first, on either vowel; those without come after', async () => {
    const { items } = await search('q=Nguyễn Thị Hòa');
    expect(items.slice(0, 3).map(({ name }) => name)).toEqual([
      'Nguyễn Thị Hoà',
      'Nguyễn Thị Hòa',
      'Nguyễn Thị Hoa',
    ]);
    expect((await search('q=Nguyễn Thị Hoa')).items[0]!.name).toBe('Nguyễn Thị Hoa');
  });

  test('a year of birth, alone and beside a name', async () => {
    expect((await search('q=1985')).items).toHaveLength(3);
    expect((await search('q=hoa 1990')).items.map(({ name }) => name)).toEqual(['Nguyễn Thị Hòa']);
    expect((await search('q=hoa&birthYear=1971')).items.map(({ name }) => name)).toEqual(['Nguyễn Văn Hoà']);
  });

  test('a code of a commune, as a place beside', async () => {
    expect((await search('q=hoa 1990 09163')).items).toHaveLength(1);
    expect((await search('q=hoa 1990 09367')).items).toEqual([]);
    expect((await search('q=09163')).items).toHaveLength(names.length);
    expect((await search('q=09367&place=09163')).items).toHaveLength(names.length);
  });

  test.each([
    ['1990 09163', ['Nguyễn Thị Hòa']],
    ['hoa, 09163, 1990', ['Nguyễn Thị Hòa']],
    ['07/03/1985 hoa 09163', []],
  ])('a year and a commune are nobody’s number: %s', async (q, names) => {
    const { items } = await search(`q=${encodeURIComponent(q)}`);
    expect(items.map(({ name }) => name)).toEqual(names);
  });

  test.each([
    '027185000001',
    'hoa 125123456',
    '0912000000',
    '001 090 123 456',
    'hoa 001.090.123.456',
    '0912.345.678',
    '0912-345-678',
    '125 123 456',
    '1990 00123456',
    '09163 12345',
  ])('a number of somebody is refused, not answered by nobody: %s', async (q) => {
    const { body } = await officer.get(`/v1/people?q=${encodeURIComponent(q)}`).expect(400);
    expect(body).toMatchObject({ errors: [{ pointer: '?q', code: 'number' }] });
    // It is not said again in an answer that may be kept.
    expect(JSON.stringify(body)).not.toContain(q.split(' ').at(-1));
  });

  test('nobody twice, whose name holds what was typed and is one slip from it', async () => {
    const names = (await search('q=hoa 1985')).items.map(({ name }) => name);
    expect(names).toEqual(['Nguyễn Thị Hoa', 'Nguyễn Thị Hoà', 'Nguyễn Thị Hoài']);
  });

  test('names with a slip come after the few that fit, and those that look alike where a word is none of any name', async () => {
    const names = async (q: string) => (await search(`q=${q}`)).items.map(({ name }) => name);
    expect(await names('tran van duc')).toEqual(['Trần Văn Đức', 'Trần Văn Đước']);
    // One letter, and two: of one word, and one each of two.
    expect(await names('tran van ducc')).toEqual(['Trần Văn Đước', 'Trần Văn Đức']);
    expect(await names('tran van duccc')).toEqual(['Trần Văn Đức']);
    expect(await names('ttran van ducc')).toEqual(['Trần Văn Đức', 'Trần Văn Đước']);
    expect(await names('xyzxyz van duc')).toEqual([]);
    // Where enough were found there is nothing else to show.
    expect(await names('nguyen thi hoa')).not.toContain('Nguyễn Thị Hậu');
  });

  test.each(['%', '_', "'", '\\', 'xyzxyz'])('«%s» finds nobody, and harms nothing', async (q) =>
    expect(await search(`q=${encodeURIComponent(q)}`)).toEqual({ items: [], next: null }),
  );
});

test('pages go on where the one before ended, without a gap or a repetition', async () => {
  for (const q of ['nguyen', '', 'tran van duc']) {
    const whole = await search(`q=${q}&limit=500`);
    expect(whole.items.length).toBeGreaterThan(1);
    const paged: string[] = [];
    let after: string | null = '';
    while (after !== null) {
      const page: Found = await search(`q=${q}&limit=1${after && `&after=${after}`}`);
      paged.push(...page.items.map(({ id }) => id));
      after = page.next;
    }
    expect(paged).toEqual(whole.items.map(({ id }) => id));
  }
});

test('an office finds its own people, the province all, a place narrows', async () => {
  const found = async (query: string, client?: PlayedClient) =>
    (await search(query, client)).items.filter(({ birthYear }) => birthYear === 1999).length;
  expect(await found('q=nguyen thi hoa')).toBe(0);
  expect(await found('q=nguyen thi hoa', province)).toBe(1);
  expect(await found('q=nguyen thi hoa&place=261', province)).toBe(1);
  expect(await found('q=nguyen thi hoa&place=256', province)).toBe(0);
  // A commune of before is found by what it is today.
  expect((await search('q=dang thuy tram&place=09163', province)).items).toHaveLength(1);
  expect((await search('q=dang thuy tram&place=09187', province)).items).toHaveLength(0);
});

test('two letters that many words have are looked for in the names that have the longer word', async () => {
  const given = ['An', 'Lan', 'Hân', 'Vân', 'Tân', 'Loan', 'Toàn', 'Quân', 'Xuân', 'Ngân'];
  for (const word of [...given, 'Bích'])
    await enterPerson(officer, { name: `Kpuih ${word}`, birthYear: 1950 });
  const found = (await search('q=kpuih an&limit=50')).items.map(({ name }) => name);
  expect(found[0]).toBe('Kpuih An');
  expect([...found].sort()).toEqual(given.map((word) => `Kpuih ${word}`).sort());
  expect((await search('q=xyzxyz an')).items).toEqual([]);
});

test('names that were just entered wait in no list that each search would read', async () => {
  await enterPerson(officer, { name: 'Lò Thị Pản', birthYear: 1955 });
  const [{ pages }] = (await harness.dataSource.query(
    `SELECT gin_clean_pending_list('name_form_words')::int AS pages`,
  )) as [{ pages: number }];
  expect(pages).toBe(0);
  expect(await firstOf('lo pan')).toBe('Lò Thị Pản');
});

test('a plan that a connection keeps shows each office its own people', async () => {
  const [mine, theirs] = [officer, await harness.as({ sub: 'other', office: '261' })];
  // PostgreSQL keeps one plan for all after the fifth time; two offices ask in turn, on the same few connections.
  for (let turn = 0; turn < 8; turn += 1) {
    const yearsOf = async (client: PlayedClient) =>
      (await search('q=nguyen thi hoa', client)).items.map(({ birthYear }) => birthYear);
    expect(await yearsOf(mine)).not.toContain(1999);
    expect(await yearsOf(theirs)).toEqual([1999]);
  }
});

describe('a statement that is sent together with its scope', () => {
  const scope = scopeOf({ office: '256' } as Actor);
  const rowsOf = (query: Partial<PlannedQuery>) =>
    askPlanned(harness.app.get(DataSource), scope, (ask) =>
      ask({ sql: 'SELECT current_user AS role', parameters: [], isKept: true, ...query }),
    );

  test.each([
    ['fails itself', { sql: 'SELECT 1 / 0' }, 'division by zero'],
    ['would write', { sql: 'DELETE FROM person' }, 'read-only transaction'],
  ])('and %s, leaves the connection as it was', async (_, query, message) => {
    await expect(rowsOf(query)).rejects.toThrow(message);
    expect(await rowsOf({})).toEqual([{ role: 'ansinh_office' }]);
    const after = (await harness.app
      .get(DataSource)
      .query('SELECT current_user = session_user AS is_login')) as object[];
    expect(after).toEqual([{ is_login: true }]);
  });

  test('of a record is read as the system where the office sees the record, and else by its policies', async () => {
    const idOf = async (office: string) => {
      const [person] = await harness.dataSource.query<{ id: string }[]>(
        'SELECT id FROM person WHERE office_code = $1 LIMIT 1',
        [office],
      );
      return person!.id;
    };
    const [mine, theirs] = [await idOf('09169'), await idOf('09367')];
    // By the same plans, on whichever connection there is.
    for (let turn = 0; turn < 8; turn += 1)
      for (const [id, role] of [
        [mine, 'ansinh_system'],
        [theirs, 'ansinh_office'],
      ] as const)
        expect(await rowsOf({ of: { table: 'person', id } })).toEqual([{ role }]);
    const sql = 'SELECT current_user = session_user AS is_login';
    expect(await harness.app.get(DataSource).query(sql)).toEqual([{ is_login: true }]);
  });

  test('that is not sent at all is answered at once, and its connection goes on', async () => {
    const runner = harness.app.get(DataSource).createQueryRunner();
    const client = (await runner.connect()) as PatientClient;
    const scope = { name: 'role', text: `SELECT set_config('role', $1, true)`, values: ['ansinh_office'] };
    try {
      await client.queryWithin([scope], { name: 'one', text: 'SELECT 1' });
      await expect(client.queryWithin([scope], { name: 'one', text: 'SELECT 2' })).rejects.toThrow(
        'must be unique',
      );
      expect((await client.query('SELECT 3 AS n')).rows).toEqual([{ n: 3 }]);
    } finally {
      await runner.release();
    }
  });

  test('is not run where its scope cannot be entered', async () => {
    const runner = harness.app.get(DataSource).createQueryRunner();
    const client = (await runner.connect()) as PatientClient;
    const runAs = (role: string) =>
      client.queryWithin([{ name: 'role', text: `SELECT set_config('role', $1, true)`, values: [role] }], {
        text: `SELECT set_config('ansinh.ran', 'yes', false), current_user AS role`,
      });
    const asked = async (sql: string) => (await runner.query(sql)) as object[];
    try {
      expect((await runAs('ansinh_office')).rows).toMatchObject([{ role: 'ansinh_office' }]);
      await asked('RESET ansinh.ran');
      await expect(runAs('somebody')).rejects.toThrow('does not exist');
      const sql = `SELECT current_setting('ansinh.ran', true) AS ran, current_user = session_user AS is_login`;
      expect(await asked(sql)).toEqual([{ ran: '', is_login: true }]);
    } finally {
      await runner.release();
    }
  });
});

interface PlanNode {
  'Node Type': string;
  'Relation Name'?: string;
  'Index Name'?: string;
  'Index Cond'?: string;
  Plans?: PlanNode[];
}

/** All nodes of a plan. */
const nodesOf = (node: PlanNode): PlanNode[] => [node, ...(node.Plans ?? []).flatMap(nodesOf)];

/** The nodes of a plan that read people. */
const readsOf = (plan: PlanNode) => nodesOf(plan).filter((node) => node['Relation Name'] === 'person');

describe('the plan of a search under the policy of an office', () => {
  // So many that reading them all would cost more than the index does.
  beforeAll(async () => {
    await harness.dataSource.query(`
      INSERT INTO name_form (name_key, plain, initials)
      SELECT name, name, 'btx' FROM generate_series(1, 2000) number, concat('bui thi ', number, 'x') name;
      INSERT INTO person (id, sealed, name, name_key, birth_year, sex, office_code, recorded_by)
      SELECT gen_random_uuid(), '', 'x', concat('bui thi ', number % 2000 + 1, 'x'), 1950, 'male',
        (ARRAY['09169', '09187', '09367', '09193'])[number / 2000 % 4 + 1], 'test'
      FROM generate_series(1, 40000) number;
      ANALYZE person, name_form, name_word`);
  });

  async function planOf(sql: string, options: string, parameters: unknown[]): Promise<PlanNode> {
    const scope = scopeOf({ office: '256' } as Actor);
    const [row] = (await inTransaction(harness.app.get(DataSource), scope, (tx) =>
      tx.query(`EXPLAIN (FORMAT JSON ${options}) ${sql}`, parameters),
    )) as [{ 'QUERY PLAN': [{ Plan: PlanNode }] }];
    return row['QUERY PLAN'][0].Plan;
  }
  const all = { birthYear: null, codes: null, after: null, limit: 51 };

  test('finds names with a slip by an index of their words', async () => {
    const asked = namedPeople({ ...all, fit: 'slip', typed: 'bui thi 77xx' });
    const indexes = nodesOf(await planOf(asked.sql, '', asked.parameters)).map((node) => node['Index Name']);
    expect(indexes).toContain('name_form_words');
  });

  const after = [10_000, 'bui thi 77x', '09169', 1950, randomUUID()];
  test.each([
    ['written', 'bui thi 77x', {}],
    ['written', 'bui thi', { birthYear: 1950, codes: ['09169'] }],
    ['written', 'bui thi', { after }],
    ['slip', 'bui thi 77xx', {}],
    ['alike', 'buii thhi 77x', {}],
  ] as const)('goes by names and communes in one index: %s «%s» %j', async (fit, typed, over) => {
    const asked = namedPeople({ ...all, ...over, fit, typed });
    // As it is planned for these words, and as a connection keeps it for all.
    for (const [options, parameters] of [
      ['', asked.parameters],
      [', GENERIC_PLAN', []],
    ] as const) {
      const reads = readsOf(await planOf(asked.sql, options, [...parameters]));
      expect(reads[0]).toMatchObject({ 'Node Type': 'Index Scan', 'Index Name': 'person_name_form' });
      expect(reads[0]!['Index Cond']).toMatch(/name_key = .* AND .*office_code = ANY/);
      // The other records of a merged person are read by their own indexes.
      for (const read of reads) expect(read['Node Type']).toMatch(/^(Index|Bitmap)/);
    }
  });
});
