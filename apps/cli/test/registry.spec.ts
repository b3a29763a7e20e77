import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { DuplicatePair, DuplicateRun, LookupAnswer, RegistryImport } from '@ansinh/client';
import { type Service, startService } from './service.js';
import { ansinh } from './terminal.js';

let registry: Service;
const list = join(mkdtempSync(join(tmpdir(), 'ansinh-cli-')), 'list.csv');
writeFileSync(list, 'number,name\n1,A\n');
beforeEach(async () => {
  registry = await startService();
});
afterEach(() => registry.stop());

const run = (...argv: string[]) =>
  ansinh('http://127.0.0.1:9', ['registry', ...argv], { env: { ANSINH_REGISTRY_URL: registry.url } });

const note = ['--note', 'Đối chiếu danh sách đợt 3'];

const answer = (over: Partial<LookupAnswer>): LookupAnswer => ({
  row: 1,
  number: '••••••••0001',
  outcome: 'found',
  personId: '0199b2c4-0000-7000-8000-000000000001',
  name: 'Nguyễn Thị Hoà',
  nameFit: 'exact',
  birthYear: 1985,
  bornOn: null,
  birthFit: null,
  sex: 'female',
  placeCode: '09169',
  diedOn: null,
  facts: {},
  povertyClass: null,
  ...over,
});

describe('lookup', () => {
  const answering = (...answers: LookupAnswer[]) =>
    registry.on('POST /v1/people/bulk-lookups', (_, reply) =>
      reply.type('application/x-ndjson').send(answers.map((each) => `${JSON.stringify(each)}\n`).join('')),
    );

  test('shows what differs, and exits with 3 then', async () => {
    answering(
      answer({}),
      answer({ row: 2, outcome: 'notFound', name: null, nameFit: null, birthYear: null }),
      answer({ row: 3, nameFit: 'different' }),
      answer({ row: 4, nameFit: 'marks' }),
      answer({ row: 5, diedOn: '2026-01-01' }),
    );
    const { code, out } = await run('lookup', list, ...note);
    expect(code).toBe(3);
    expect(out).toContain('5 rows looked up, 4 people found.');
    expect(out).toMatch(/2 +•{8}0001 +NOT FOUND/);
    expect(out).toMatch(/3 .*DIFFERENT/);
    expect(out).toMatch(/5 .*2026-01-01/);
    expect(out).not.toMatch(/\n *[14] +•/);
    expect(registry.asked).toMatchObject([{ type: 'text/csv', body: 'number,name\n1,A\n', key: undefined }]);
  });

  test('says by which option the purpose is stated, and what a note has to be, before anything is sent', async () => {
    expect(await run('lookup', list)).toMatchObject({
      code: 2,
      err: expect.stringContaining(
        'say what they are needed for by --note. See "ansinh registry lookup --help"',
      ),
    });
    const short = await run('lookup', list, '--note', 'đợt 3', '--lang', 'vi');
    expect(short).toMatchObject({ code: 2, err: expect.stringContaining('Hãy viết từ 10 đến 300 ký tự') });
    expect(registry.asked).toEqual([]);
  });

  test('exits with 0 where all is well, and saves the answers where a file is named', async () => {
    answering(answer({}));
    expect(await run('lookup', list, ...note)).toMatchObject({ code: 0 });
    const output = `${list}.out`;
    expect(await run('lookup', list, ...note, '-o', output)).toMatchObject({ code: 0 });
    expect(readFileSync(output, 'utf8')).toContain('Nguyễn Thị Hoà');
  });
});

const view = (over: Partial<RegistryImport> = {}): RegistryImport => ({
  id: '0199b2c4-0000-7000-8000-000000000042',
  kind: 'people',
  fileDigest: 'd',
  rows: 25_000,
  blocked: 0,
  warned: 0,
  applied: 0,
  entered: 0,
  findings: [],
  keptUntil: '2026-12-23',
  sweptAt: null,
  createdBy: 'maker',
  createdAt: '2026-11-23T08:00:00Z',
  ...over,
});
const chunks = `POST /v1/imports/${view().id}/chunks`;

describe('import', () => {
  test('enters chunk after chunk until all rows are taken up', async () => {
    registry.on('POST /v1/imports', () => view());
    const entered: number[] = [];
    const newest = () => view({ applied: entered.at(-1), entered: entered.at(-1) });
    registry.on(chunks, (_, reply) => {
      // As the service: of two lanes one may ask while the other has the last chunk.
      if (entered.at(-1) === 25_000) {
        return reply.status(409).type('application/problem+json').send({ code: 'IMPORT_DONE', status: 409 });
      }
      entered.push(Math.min((entered.at(-1) ?? 0) + 10_000, 25_000));
      return newest();
    });
    registry.on(`GET /v1/imports/${view().id}`, newest);
    const { code, out, err } = await run('import', list, '--kind', 'people');
    expect(code).toBe(0);
    expect(out).toMatch(/Entered +25,000/);
    expect(err).toContain(`${view().id} --go-on`);
    expect(entered).toEqual([10_000, 20_000, 25_000]);
    const commands = registry.asked.filter(({ key }) => key !== undefined);
    expect(commands.slice(0, 4).map(({ path }) => path)).toEqual([
      'imports',
      ...Array<string>(3).fill(`imports/${view().id}/chunks`),
    ]);
    expect(new Set(commands.map(({ key }) => key)).size).toBe(commands.length);
  });

  test('a dry run enters nothing, shows what was found, saves the remarks, and exits with 3', async () => {
    const findings = [
      { code: 'EXISTS_ALREADY', isBlocking: true, rows: 7 },
      { code: 'NEW_OF_ANOTHER_VERSION', isBlocking: false, rows: 2 },
    ];
    registry.on('POST /v1/imports', () => view({ blocked: 7, findings }));
    registry.on(`GET /v1/imports/${view().id}/list`, (_, reply) => reply.type('text/csv').send('remarks'));
    const remarks = `${list}.remarks.csv`;
    const { code, out } = await run('import', list, '--dry-run', '--remarks', remarks, ...note);
    expect(code).toBe(3);
    expect(out).toMatch(/in the registry already, perhaps at another office +7/);
    expect(out).toMatch(/NEW_OF_ANOTHER_VERSION +2/);
    expect(readFileSync(remarks, 'utf8')).toBe('remarks');
    expect(registry.asked.filter(({ path }) => path.endsWith('chunks'))).toEqual([]);
  });

  test('goes on where an import stood', async () => {
    registry.on(`GET /v1/imports/${view().id}`, () => view({ applied: 20_000, entered: 20_000 }));
    registry.on(chunks, () => view({ applied: 25_000, entered: 25_000 }));
    const { code } = await run('import', view().id, '--go-on');
    expect(code).toBe(0);
    expect(registry.asked.filter(({ path }) => path.endsWith('chunks'))).toHaveLength(1);
    expect(await run('import', view().id, '--go-on', '--dry-run')).toMatchObject({ code: 2 });
  });
});

test('imports shows the lists of the office, and which of them have their rows no more', async () => {
  const swept = view({
    kind: 'households',
    applied: 25_000,
    entered: 24_998,
    sweptAt: '2026-12-24T00:05:00Z',
  });
  const items = [view({ blocked: 7 }), swept];
  registry.on('GET /v1/imports', () => ({ items, next: null }));
  const { code, out } = await run('imports');
  expect(code).toBe(0);
  expect(out).toMatch(/people +25,000 +7 +0 +0 +2026-12-23 +maker/);
  expect(out).toMatch(/households +25,000 +0 +25,000 +24,998 +rows removed +maker/);
  const json = await run('imports', '--json');
  expect(JSON.parse(json.out)).toEqual({ items, more: false });
});

test('seed says what it needs of the registry’s environment', async () => {
  const { code, err } = await run('seed', '--people', '10');
  expect(code).toBe(2);
  expect(err).toContain('Set the variables of the registry first: DATABASE_URL, SEALING_KEYS, LOOKUP_KEY.');
  expect(err).not.toContain('    at ');
  expect((await run('seed', '--lang', 'vi')).err).toContain('Hãy đặt các biến của sổ trước: DATABASE_URL');
});

describe('duplicates', () => {
  const person = (name: string) => ({
    id: '0199b2c4-0000-7000-8000-000000000001',
    name,
    citizenNumber: '••••••••0001',
    birthYear: 1985,
    bornOn: null,
    placeCode: '09169',
  });
  const pair: DuplicatePair = {
    id: '0199b2c4-0000-7000-8000-000000000002',
    one: person('Nguyễn Thị Hoà'),
    other: person('Nguyễn Thị Hoa'),
    score: 65,
    reasons: [
      { code: 'SAME_ACCOUNT', weight: 45, message: { vi: 'Cùng tài khoản', en: 'The same account' } },
    ],
    state: 'open',
  };

  test('are searched for to the end, and listed with their reasons', async () => {
    const started: DuplicateRun = {
      id: pair.id,
      communes: 2,
      searched: 0,
      people: 0,
      pairs: 0,
      passedOver: {},
    };
    let searched = 0;
    registry.on('POST /v1/duplicate-runs', () => started);
    registry.on(`POST /v1/duplicate-runs/${started.id}/chunks`, () => {
      searched += 1;
      return { ...started, searched, people: 1500, pairs: 1, passedOver: { SAME_PHONE: 3 } };
    });
    registry.on('GET /v1/duplicates', () => ({ items: [pair], next: null }));
    const { code, out, err } = await run('duplicates', '--find');
    expect({ code, searched }).toEqual({ code: 0, searched: 2 });
    expect(err).toContain('1,500 people searched, 1 pairs found.');
    expect(err).toContain('SAME_PHONE: 3 keys');
    expect(out).toMatch(/65 +Nguyễn Thị Hoà +•{8}0001 +1985 +09169 +Nguyễn Thị Hoa .*The same account/);
  });

  test('that were judged are asked for by their state, without a search', async () => {
    registry.on('GET /v1/duplicates', () => ({ items: [], next: null }));
    const { code } = await run('duplicates', '--state', 'different', '--json');
    expect(code).toBe(0);
    expect(registry.asked.map(({ query }) => query['state'])).toEqual(['different']);
  });
});
