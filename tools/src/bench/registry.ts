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
  /** As many people as there are, into an empty registry; and a list more. */
  imports: Record<'whole' | 'added', ImportTimes>;
  /** Of the service, with an empty registry and with a full one. */
  peakRssMb: Record<'whole' | 'added', number>;
}

/** Seconds: taken in and checked, entered, and COPY of what entered with the building of the same indexes. */
interface ImportTimes {
  rows: number;
  check: number;
  apply: number;
  bare: number;
}

type Spread = Record<'p50' | 'p95', number>;

const numbersMax = 100_000;
const keysPerLook = 2_000;
const textsAsked = 200;
/** Every one of 330 offices searches twice in three seconds. */
const searchesPaced = 200;
const communesSearched = 10;
const peopleLookedAt = 50;
const rowsOfFirst = 20_000;
const purpose = { code: 'listCheck', note: 'Đo tốc độ tra cứu' } as const;

/** The registry through REST beside hand-written SQL: an empty one that gets a province, then one over so many people. */
export async function measureRegistry(
  options: RegistryOptions,
  signal: AbortSignal,
): Promise<RegistryReport> {
  const { people, imported, connections, seconds } = options;
  const step = async <T>(vi: string, en: string, work: () => Promise<T>): Promise<T> => {
    signal.throwIfAborted();
    tell({ vi, en });
    const result = await work();
    const told = `  ${JSON.stringify(result)}`;
    tell({ vi: told, en: told });
    return result;
  };
  const whole = await inSuite(signal, async (suite, folder) => ({
    ...(await step(
      `Nhập ${people} người vào sổ trống`,
      `Import of ${people} people into an empty registry`,
      () => measureImport(suite, folder, { rows: people, place: '035' }),
    )),
    peak: peakOf(suite),
  }));
  return inSuite(signal, async (suite, folder) => {
    const seedSeconds = await step(`Ghi ${people} người`, `Writing ${people} people`, () =>
      secondsOf(() => seedRegistry(suite, { people, seed: 1, signal })),
    );
    const load = { connections, seconds };
    const search = await step('Tìm kiếm', 'Searching', () => measureSearch(suite, load));
    const lookup = await step('Tra cứu danh sách', 'Bulk look-up', () => measureLookup(suite));
    const duplicates = await step('Tìm hồ sơ trùng', 'Duplicates', () => measureDuplicates(suite));
    const added = await step('Nhập thêm danh sách', 'Import of one more list', async () => {
      // One that does not count: threads and what is compiled are there afterwards, as with the searches.
      await importPeople(suite, folder, { rows: Math.min(imported, rowsOfFirst), place: '036' });
      return measureImport(suite, folder, { rows: imported, place: '037' });
    });
    const { peak, ...wholeTimes } = whole;
    return {
      ...options,
      seedSeconds,
      search,
      lookup,
      duplicates,
      imports: { whole: wholeTimes, added },
      peakRssMb: { whole: peak, added: peakOf(suite) },
    };
  });
}

/** The registry alone, from empty to the end of the work. */
async function inSuite<T>(
  signal: AbortSignal,
  work: (suite: Suite, folder: string) => Promise<T>,
): Promise<T> {
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
  try {
    return await work(suite, folder);
  } finally {
    await suite.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

const peakOf = (suite: Suite) =>
  Math.ceil(suite.services.find(({ name }) => name === 'registry')!.peakRssMb());

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

interface List {
  rows: number;
  /** Province of birth, by the numbers: each list has people of another one, who are not there yet. */
  place: string;
}

async function measureImport(suite: Suite, folder: string, list: List): Promise<ImportTimes> {
  const { id, check, apply } = await importPeople(suite, folder, list);
  return { rows: list.rows, check, apply, bare: await copyBare(suite.ownerUrls['registry']!, folder, id) };
}

async function importPeople(
  suite: Suite,
  folder: string,
  list: List,
): Promise<{ id: string; check: number; apply: number }> {
  const path = join(folder, 'people.csv');
  await pipeline(Readable.from(textOf(list)), createWriteStream(path, { mode: 0o600 }));
  const { imports } = clientOf(suite);
  let view: RegistryImport;
  const check = await secondsOf(async () => {
    view = await imports.check('people', { open: () => createReadStream(path), type: 'text/csv' });
  });
  const apply = await secondsOf(async () => {
    view = await imports.enter(view);
  });
  const { id, entered } = view!;
  if (entered !== list.rows) throw new Error(`${entered} of ${list.rows} rows entered`);
  return { id, check, apply };
}

/** Women of fifty years of birth. */
function* textOf({ rows, place }: List): Generator<string> {
  const random = new Random(2);
  const two = (number: number) => String(number).padStart(2, '0');
  yield 'citizenNumber,name,birth,sex,placeCode,residentFrom\n';
  const rowsPerPiece = 1_000;
  for (let first = 0; first < rows; first += rowsPerPiece) {
    let piece = '';
    for (let index = first; index < Math.min(first + rowsPerPiece, rows); index += 1) {
      const [year, tail] = [50 + (index % 50), String(Math.floor(index / 50)).padStart(6, '0')];
      const birth = `19${year}-${two(1 + random.below(12))}-${two(1 + random.below(28))}`;
      piece += `${place}1${year}${tail},${sampleName(random, 'female')},${birth},female,09169,2025-07-01\n`;
    }
    yield piece;
  }
}

/** The report for people, in the language of their terminal. */
export function tableOfRegistry(report: RegistryReport): string {
  const { people, connections, seedSeconds, search, lookup, duplicates, imports, peakRssMb } = report;
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
  const importLines = (title: Bilingual, { rows, check, apply, bare }: ImportTimes) => [
    line(
      { vi: `Nhập ${count(rows)} người ${title.vi}`, en: `Import of ${count(rows)} people ${title.en}` },
      's',
    ),
    line({ vi: 'COPY và tạo chỉ mục', en: 'COPY and index build' }, bare.toFixed(2)),
    line({ vi: 'nhận và kiểm tra', en: 'taken in and checked' }, check.toFixed(2)),
    line({ vi: 'ghi vào sổ', en: 'entered' }, apply.toFixed(2)),
    line(
      { vi: 'cả hai', en: 'both' },
      (check + apply).toFixed(2),
      `${((check + apply) / bare).toFixed(1)} ×`,
    ),
    '',
  ];
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
    ...importLines({ vi: 'vào sổ trống', en: 'into an empty registry' }, imports.whole),
    ...importLines({ vi: `thêm vào ${count(people)}`, en: `to ${count(people)} more` }, imports.added),
    `RSS: ${peakRssMb.whole} / ${peakRssMb.added} MB`,
  ].join('\n');
}
