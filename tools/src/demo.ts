import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { Command, InvalidArgumentError } from 'commander';
import { ProblemError } from '@ansinh/client';
import { FriendlyError, startSuite, type Suite } from '@ansinh/embedded';
import { runCommand, tell, WORKSPACE } from './command.js';
import { generateList, surveyList } from './demo/list.js';
import { awaitRegistryRead, type RegisteredPeople, writeRegisteredPeople } from './demo/registered-people.js';
import { type DemoResult, runBatch } from './demo/run-batch.js';
import { signIn } from './demo/sign-in.js';
import { seedRegistryFrom } from './seed-registry.js';
import { publishedYears } from './year/figures.js';
import { runYear } from './year/run-year.js';

interface DemoOptions {
  rows: number;
  seed: number;
  list?: string;
  faults: number;
  keep: boolean;
  state?: string;
  year?: number;
  scale: number;
}

const whole = (text: string) => {
  if (!/^[0-9]{1,7}$/.test(text)) throw new InvalidArgumentError('cần số nguyên / a whole number is needed');
  return Number(text);
};

const share = (text: string) => {
  const rate = Number(text);
  if (!/^[0-9.]+$/.test(text) || !(rate >= 0 && rate <= 1)) {
    throw new InvalidArgumentError('cần số từ 0 đến 1 / a number from 0 to 1 is needed');
  }
  return rate;
};

const year = (text: string) => {
  if (publishedYears.map(String).includes(text)) return Number(text);
  throw new InvalidArgumentError(`chỉ có số liệu của / there are figures of: ${publishedYears.join(', ')}`);
};

/** One client plays all offices of the province here, and is not to be slowed down as if it were one of them. */
const oneClientForAll = { RATE_LIMIT_PER_MINUTE: '1000000' };

const program = new Command('npm run demo --')
  .description(
    'Một lô chi trả từ danh sách đến sao kê đã đối chiếu / a batch from a list to a reconciled statement',
  )
  .option('--rows <n>', 'số dòng của danh sách mẫu / rows of the sample list', whole, 20_000)
  .option('--seed <n>', 'hạt giống / seed of the sample list and of the faults', whole, 1)
  .option('--list <file>', 'danh sách của bạn / a list of yours: .csv, .ndjson or .xlsx')
  .option('--faults <rate>', 'tỷ lệ lỗi của ngân hàng / rate of bank faults, 0 to 1', share, 0)
  .option(
    '--state <folder>',
    'làm việc trong thư mục này, nhật ký ở lại đó / work in this folder, the logs stay there',
  )
  .option('--year <n>', 'một năm của tỉnh / a year of the province: 2022', year)
  .option('--scale <part>', 'phần của năm đó / part of that year, 1 is its real size', share, 0.01)
  .option('--keep', 'giữ hệ thống chạy sau khi xong / keep everything running afterwards', false);

program.parse();
const options = program.opts<DemoOptions>();

await runCommand(async (signal) => {
  const folder = await mkdtemp(join(tmpdir(), 'ansinh-demo-'));
  let suite: Suite | undefined;
  try {
    if (options.year !== undefined)
      return await demonstrateYear({ ...options, year: options.year }, folder, signal);
    const path = options.list
      ? resolve(process.env['INIT_CWD'] ?? '.', options.list)
      : join(folder, 'list.csv');
    if (!options.list) await generateList(path, options.rows, options.seed);
    const list = await surveyList(path);
    suite = await startSuite({
      workspace: WORKSPACE,
      persistent: false,
      ...(options.state && { directory: resolve(process.env['INIT_CWD'] ?? '.', options.state) }),
      ports: 'free',
      onProgress: tell,
      signal,
    });
    const registered = options.list ? null : await register(suite, join(folder, 'people.ndjson'), signal);
    const result = await runBatch(suite, list, { ...options, signal });
    for (const difference of result.books.differences) tell({ vi: `✗ ${difference}`, en: `✗ ${difference}` });
    process.stdout.write(`${JSON.stringify(summary(result, registered, peakRssMb(suite)))}\n`);
    if (options.keep) await keepRunning(suite, signal);
    const isRight = result.balanced && result.books.agrees && isFound(result, registered);
    return isRight ? 0 : 1;
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error;
    const { title, detail = '' } = error.problem;
    throw new FriendlyError({ vi: `${title}. ${detail}`, en: `${title}. ${detail}` }, { cause: error });
  } finally {
    await suite?.stop();
    await rm(folder, { recursive: true, force: true });
  }
});

/** A year of the province, and what the rows say of it beside what was published. */
async function demonstrateYear(
  { year, scale, seed, state, keep }: DemoOptions & { year: number },
  folder: string,
  signal: AbortSignal,
): Promise<number> {
  const suite = await startSuite({
    workspace: WORKSPACE,
    persistent: false,
    ...(state && { directory: resolve(process.env['INIT_CWD'] ?? '.', state) }),
    ports: 'free',
    environment: oneClientForAll,
    onProgress: tell,
    signal,
  });
  try {
    const startedAt = performance.now();
    const { lines, differences, again, walks, ...rest } = await runYear(suite, {
      year,
      scale,
      seed,
      folder,
      signal,
    });
    for (const { indicator, value, atLeast, isKept } of lines) {
      const mark = isKept ? '✓' : '✗';
      tell({
        vi: `${mark} ${indicator}: ${value} (công bố từ ${atLeast})`,
        en: `${mark} ${indicator}: ${value} (published from ${atLeast})`,
      });
    }
    for (const difference of differences) tell({ vi: `✗ ${difference}`, en: `✗ ${difference}` });
    const total = Number(((performance.now() - startedAt) / 1_000).toFixed(2));
    tell({
      vi: `${again.differing === 0 ? '✓' : '✗'} Xét lại ${again.decisions} quyết định: ${again.differing} khác`,
      en: `${again.differing === 0 ? '✓' : '✗'} ${again.decisions} decisions made again: ${again.differing} differ`,
    });
    tell({ vi: JSON.stringify(walks, null, 2), en: JSON.stringify(walks, null, 2) });
    const report = {
      year,
      scale,
      lines,
      again,
      bankAgrees: differences.length === 0,
      ...rest,
      total,
      peakRssMb: peakRssMb(suite),
    };
    process.stdout.write(`${JSON.stringify(report)}\n`);
    if (keep) await keepRunning(suite, signal);
    return report.bankAgrees && again.differing === 0 && lines.every(({ isKept }) => isKept) ? 0 : 1;
  } finally {
    await suite.stop();
  }
}

/** The people of the sample list, as the registry knows them; and until the check will know of them. */
async function register(suite: Suite, path: string, signal: AbortSignal): Promise<RegisteredPeople> {
  const registered = await writeRegisteredPeople(path, options);
  const { people, dead, moved, renamed } = registered;
  tell({
    vi: `Sổ dân cư: ${people} người; khác danh sách: ${dead} đã chết, ${moved} chuyển đi, ${renamed} mang tên khác`,
    en: `Registry: ${people} people; not as the list has them: ${dead} dead, ${moved} moved, ${renamed} of another name`,
  });
  await seedRegistryFrom(suite, path, signal);
  await awaitRegistryRead(await signIn(suite, 'maker'), signal);
  return registered;
}

/** What the registry knows otherwise is found; more than that is, where a list has a number under two names. */
function isFound({ batch: { findings } }: DemoResult, registered: RegisteredPeople | null): boolean {
  if (!registered) return true;
  const { dead, moved, renamed } = registered;
  const wanted = { PAYEE_DECEASED: dead, PAYEE_MOVED: moved, REGISTERED_NAME_DIFFERS: renamed };
  return Object.entries(wanted).every(([code, people]) => {
    const { block, warn } = findings[code] ?? { block: 0, warn: 0 };
    if (block + warn >= people) return true;
    tell({
      vi: `✗ ${code}: tìm thấy ${block + warn} trên ${people}`,
      en: `✗ ${code}: ${block + warn} found of ${people}`,
    });
    return false;
  });
}

/** The largest of our processes, this one included. */
function peakRssMb(suite: Suite): number {
  const own = process.resourceUsage().maxRSS / 1_024;
  return Math.ceil(Math.max(own, ...Object.values(suite.peakRssMb())));
}

function summary(
  { batch, exceptions, balanced, books, seconds }: DemoResult,
  registered: RegisteredPeople | null,
  peak: number,
): object {
  const { approved, paid, returned, refused, inFlight } = batch.totals;
  return {
    rows: batch.rows,
    setAside: batch.setAside,
    approved: approved.count,
    paid: paid.count,
    returned: returned.count,
    refused: refused.count,
    inFlight: inFlight.count,
    exceptions,
    amountApproved: approved.amount,
    amountPaid: paid.amount,
    amountReturned: returned.amount,
    amountRefused: refused.amount,
    ...(registered && { registered }),
    findings: Object.fromEntries(
      Object.entries(batch.findings).map(([code, { block, warn }]) => [code, block + warn]),
    ),
    balanced,
    bankAgrees: books.agrees,
    seconds: Number(seconds.toFixed(2)),
    paymentsPerSecond: Math.round(approved.count / seconds),
    peakRssMb: peak,
  };
}

async function keepRunning(suite: Suite, signal: AbortSignal): Promise<void> {
  const { disbursements, gateway } = suite.addresses;
  tell({
    vi: `REST ${disbursements}/v1 · GraphQL ${gateway}/graphql · Ctrl-C để dừng`,
    en: `REST ${disbursements}/v1 · GraphQL ${gateway}/graphql · Ctrl-C stops`,
  });
  await new Promise<void>((done) => {
    if (signal.aborted) done();
    signal.addEventListener('abort', () => done());
  });
}
