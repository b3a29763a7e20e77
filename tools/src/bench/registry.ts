import { createReadStream, createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import pg from 'pg';
import { createRegistryClient, type RegistryImport } from '@ansinh/client';
import { type Bilingual, say, startSuite, type Suite } from '@ansinh/embedded';
import { Random, sampleName } from '@ansinh/samples';
import { readSealingKeys, Sealer } from '@ansinh/sealing';
import { tell, WORKSPACE } from '../command.js';
import { tokenFor } from '../demo/sign-in.js';
import { seedRegistry } from '../seed-registry.js';
import { copyBare, lookUpBare, searchBare } from './bare-registry.js';
import { secondsOf } from './clock.js';
import { askUnderLoad, latencyOf, type Load, type LoadResult } from './load.js';

interface RegistryOptions extends Load {
  people: number;
  imported: number;
}

export interface RegistryReport extends RegistryOptions {
  seedSeconds: number;
  /** Through REST under the policies, as the province, as one district, and as it at a pace, beside the bare statement. */
  search: Record<'province' | 'district' | 'paced' | 'bare', LoadResult>;
  /** Seconds for a list of so many numbers. */
  lookup: { numbers: number; rest: number; bare: number };
  /** Milliseconds of a commune's search for pairs, with the people of it and the pairs that came of it; and of one person's page. */
  duplicates: { people: number; pairs: number; commune: Spread; person: Spread };
  /** Seconds: taken in and checked, entered, and COPY with the building of the same indexes. */
  import: { check: number; apply: number; bare: number };
  peakRssMb: number;
}

type Spread = Record<'p50' | 'p95', number>;

const numbersMax = 100_000;
const keysPerLook = 2_000;
const textsAsked = 200;
/** Every one of 330 offices searches twice in three seconds. */
const searchesPaced = 200;
const communesSearched = 10;
const peopleLookedAt = 50;
const purpose = { code: 'listCheck', note: 'Đo tốc độ tra cứu' } as const;

/** The registry through REST beside hand-written SQL, over a province of so many people. */
export async function measureRegistry(
  options: RegistryOptions,
  signal: AbortSignal,
): Promise<RegistryReport> {
  const { people, imported, connections, seconds } = options;
  const folder = await mkdtemp(join(tmpdir(), 'ansinh-bench-'));
  const suite = await startSuite({
    workspace: WORKSPACE,
    persistent: false,
    ports: 'free',
    // Whoever follows the registry would read 1.5 million events of it meanwhile.
    without: [
      'gateway',
      'worker',
      'registryWorker',
      'bank',
      'disbursements',
      'socialProtection',
      'socialProtectionWorker',
      'employmentLoans',
      'employmentLoansWorker',
    ],
    environment: { LOG_LEVEL: 'warn', RATE_LIMIT_PER_MINUTE: '100000000' },
    onProgress: tell,
    signal,
  });
  const step = async <T>(vi: string, en: string, work: () => Promise<T>): Promise<T> => {
    signal.throwIfAborted();
    tell({ vi, en });
    const result = await work();
    const told = `  ${JSON.stringify(result)}`;
    tell({ vi: told, en: told });
    return result;
  };
  try {
    const seedSeconds = await step(`Ghi ${people} người`, `Writing ${people} people`, () =>
      secondsOf(() => seedRegistry(suite, { people, seed: 1, signal })),
    );
    const load = { connections, seconds };
    const search = await step('Tìm kiếm', 'Searching', () => measureSearch(suite, load));
    const lookup = await step('Tra cứu danh sách', 'Bulk look-up', () => measureLookup(suite));
    const duplicates = await step('Tìm hồ sơ trùng', 'Duplicates', () => measureDuplicates(suite));
    const imports = await step('Nhập danh sách', 'Import', () => measureImport(suite, folder, imported));
    const service = suite.services.find(({ name }) => name === 'registry')!;
    const peakRssMb = Math.ceil(service.peakRssMb());
    return { ...options, seedSeconds, search, lookup, duplicates, import: imports, peakRssMb };
  } finally {
    await suite.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

/** What officers type: whole names, two words of one, without marks, with a slip of the finger. */
function typedTexts(): string[] {
  const random = new Random(1);
  return Array.from({ length: textsAsked }, (_, index) => {
    const name = sampleName(random, index % 2 === 0 ? 'female' : 'male');
    const words = name.split(' ');
    if (index % 10 === 9) return `${name.slice(0, -2)}${name.at(-1)}`;
    return index % 3 === 0 ? name : `${words[0]} ${words.at(-1)}`;
  });
}

async function measureSearch(suite: Suite, load: Load): Promise<RegistryReport['search']> {
  const typed = typedTexts();
  const bareUrl = suite.ownerUrls['registry']!;
  await searchBare(bareUrl, typed, { ...load, seconds: 2 });
  const bare = await searchBare(bareUrl, typed, load);
  const as = async (user: string, asked: Load): Promise<LoadResult> => {
    const headers = { authorization: `Bearer ${await tokenFor(suite, user)}` };
    const requests = typed.map((q) => ({
      path: `/v1/people?${new URLSearchParams({ q }).toString()}`,
      headers,
    }));
    // A round that does not count: connections and pages of the database are there afterwards.
    await askUnderLoad(suite.addresses.registry, requests, { ...load, seconds: 2 });
    return askUnderLoad(suite.addresses.registry, requests, asked);
  };
  const province = await as('integrator', load);
  const district = await as('district256', load);
  return { province, district, paced: await as('district256', { ...load, perSecond: searchesPaced }), bare };
}

const clientOf = (suite: Suite) =>
  createRegistryClient({
    baseUrl: suite.addresses.registry,
    getToken: () => tokenFor(suite, 'maker'),
    timeoutMs: 900_000,
  });

async function measureLookup(suite: Suite): Promise<RegistryReport['lookup']> {
  const url = suite.ownerUrls['registry']!;
  const people = await someNumbers(suite, url);
  const text = `number,name\n${people.map(({ number, name }) => `${number},${name}\n`).join('')}`;
  const bare = await lookUpBare(
    url,
    people.map(({ key }) => key),
    keysPerLook,
  );
  const rest = await secondsOf(async () => {
    let found = 0;
    const open = () => Readable.from([Buffer.from(text)]);
    const answers = clientOf(suite).people.lookUp({ open, type: 'text/csv' }, { purpose });
    for await (const { outcome, nameFit } of answers)
      if (outcome === 'found' && nameFit === 'exact') found += 1;
    if (found !== people.length) throw new Error(`${found} of ${people.length} were found`);
  });
  return { numbers: people.length, rest, bare };
}

async function someNumbers(
  suite: Suite,
  url: string,
): Promise<{ number: string; name: string; key: string }[]> {
  const sealer = new Sealer(readSealingKeys(suite.secrets.SEALING_KEYS, suite.secrets.LOOKUP_KEY));
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const { rows } = await client.query<{ id: string; sealed: Buffer; name: string; number_key: string }>(
    'SELECT id, sealed, name, number_key FROM person ORDER BY number_key LIMIT $1',
    [numbersMax],
  );
  await client.end();
  return rows.map(({ id, sealed, name, number_key: key }) => {
    const [number = ''] = sealer.open(sealed, `person/${id}`).split('\t');
    return { number, name, key };
  });
}

/** The first communes of the province, one after another, and the pages of some of their people. */
async function measureDuplicates(suite: Suite): Promise<RegistryReport['duplicates']> {
  const { duplicates } = clientOf(suite);
  const spreadOf = async (times: number, work: (index: number) => Promise<unknown>): Promise<Spread> => {
    const took: number[] = [];
    for (let index = 0; index < times; index += 1) took.push(1_000 * (await secondsOf(() => work(index))));
    const { p50, p95 } = latencyOf(took);
    return { p50, p95 };
  };
  let run = await duplicates.startRun();
  const communes = Math.min(communesSearched, run.communes);
  const commune = await spreadOf(communes, async () => (run = await duplicates.searchNext(run.id)));
  const ids = await someIds(suite.ownerUrls['registry']!);
  const person = await spreadOf(ids.length, (index) => duplicates.ofPerson(ids[index]!));
  return { people: run.people, pairs: run.pairs, commune, person };
}

async function someIds(url: string): Promise<string[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const { rows } = await client.query<{ id: string }>('SELECT id FROM person ORDER BY number_key LIMIT $1', [
    peopleLookedAt,
  ]);
  await client.end();
  return rows.map(({ id }) => id);
}

async function measureImport(suite: Suite, folder: string, rows: number): Promise<RegistryReport['import']> {
  const path = join(folder, 'people.csv');
  await pipeline(Readable.from(listOf(rows)), createWriteStream(path, { mode: 0o600 }));
  const { imports } = clientOf(suite);
  let view: RegistryImport;
  const check = await secondsOf(async () => {
    view = await imports.check('people', { open: () => createReadStream(path), type: 'text/csv' });
  });
  const apply = await secondsOf(async () => {
    view = await imports.enter(view);
  });
  const { entered, createdBy } = view!;
  if (entered !== rows) throw new Error(`${entered} of ${rows} rows entered`);
  return { check, apply, bare: await copyBare(suite.ownerUrls['registry']!, folder, createdBy) };
}

/** People of another province of birth than those of the seed: nobody is there already. */
function* listOf(rows: number): Generator<string> {
  const random = new Random(2);
  yield 'citizenNumber,name,birth,sex,placeCode,residentFrom\n';
  const rowsPerPiece = 1_000;
  for (let first = 0; first < rows; first += rowsPerPiece) {
    let piece = '';
    for (let index = first; index < Math.min(first + rowsPerPiece, rows); index += 1) {
      const [year, tail] = [50 + Math.floor(index / 1_000_000), String(index % 1_000_000).padStart(6, '0')];
      piece += `0361${year}${tail},${sampleName(random, 'female')},19${year}-03-07,female,09169,2025-07-01\n`;
    }
    yield piece;
  }
}

/** The report for people, in the language of their terminal. */
export function tableOfRegistry(report: RegistryReport): string {
  const { people, imported, connections, seedSeconds, search, lookup, duplicates, import: imports } = report;
  const count = (number: number) => number.toLocaleString('en');
  const line = (title: Bilingual, ...values: (number | string)[]) =>
    say(title).padEnd(56) + values.map((value) => ` ${value}`.padStart(12)).join('');
  const latency = (title: Bilingual, { requestsPerSecond, p50, p95 }: LoadResult) =>
    line(
      title,
      requestsPerSecond.toFixed(0),
      p50.toFixed(1),
      p95.toFixed(1),
      `${(p50 / search.bare.p50).toFixed(1)} ×`,
    );
  const ours = imports.check + imports.apply;
  return [
    say({
      vi: `${count(people)} người, ${connections} kết nối`,
      en: `${count(people)} people, ${connections} connections`,
    }),
    line({ vi: 'Ghi dân số mẫu', en: 'Seeding' }, `${seedSeconds.toFixed(1)} s`),
    '',
    line({ vi: 'Tìm kiếm', en: 'Search' }, '/ s', 'p50 ms', 'p95 ms', '/ SQL'),
    latency({ vi: 'SQL viết tay', en: 'hand-written SQL' }, search.bare),
    latency({ vi: 'REST, toàn tỉnh', en: 'REST, the province' }, search.province),
    latency({ vi: 'REST, một huyện', en: 'REST, a district' }, search.district),
    latency({ vi: 'REST, một huyện, có nhịp', en: 'REST, a district, at a pace' }, search.paced),
    '',
    line(
      { vi: `Tra cứu ${count(lookup.numbers)} số`, en: `Look-up of ${count(lookup.numbers)} numbers` },
      's',
    ),
    line({ vi: 'SQL viết tay', en: 'hand-written SQL' }, lookup.bare.toFixed(2)),
    line({ vi: 'REST', en: 'REST' }, lookup.rest.toFixed(2), `${(lookup.rest / lookup.bare).toFixed(1)} ×`),
    '',
    line({ vi: 'Hồ sơ trùng', en: 'Duplicates' }, 'p50 ms', 'p95 ms'),
    line(
      { vi: 'một xã', en: 'a commune' },
      duplicates.commune.p50.toFixed(0),
      duplicates.commune.p95.toFixed(0),
      `${count(duplicates.pairs)} / ${count(duplicates.people)}`,
    ),
    line(
      { vi: 'một người', en: 'a person' },
      duplicates.person.p50.toFixed(0),
      duplicates.person.p95.toFixed(0),
    ),
    '',
    line({ vi: `Nhập ${count(imported)} người`, en: `Import of ${count(imported)} people` }, 's'),
    line({ vi: 'COPY và tạo chỉ mục', en: 'COPY and index build' }, imports.bare.toFixed(2)),
    line({ vi: 'nhận và kiểm tra', en: 'taken in and checked' }, imports.check.toFixed(2)),
    line({ vi: 'ghi vào sổ', en: 'entered' }, imports.apply.toFixed(2)),
    line({ vi: 'cả hai', en: 'both' }, ours.toFixed(2), `${(ours / imports.bare).toFixed(1)} ×`),
    `RSS: ${report.peakRssMb} MB`,
  ].join('\n');
}
