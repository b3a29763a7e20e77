import { mkdtemp, rm } from 'node:fs/promises';
import { cpus, loadavg, tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { databaseUrl, ensureServiceLogin, findRedis, startPostgres } from '@ansinh/embedded';
import { measureFloor } from './floor.js';
import { type Duties, type JobPerPayment, measureJobs } from './job-per-payment.js';
import { measureLifecycle } from './lifecycle.js';
import { type BenchReport, type Machine, type Measurements, reportOf } from './report.js';
import { measureSuite } from './suite-run.js';
import { tell } from '../command.js';
import { type DemoList, generateList, surveyList } from '../demo/list.js';

const jobPaymentsMax = 20_000;
const largeTimes = 10;

interface MoneyOptions {
  rows: number;
  /** Also a list of ten times the rows. */
  large: boolean;
}

/** The floor, our lifecycle, one job a payment, and the whole system over HTTP. */
export async function measureMoney(options: MoneyOptions, signal: AbortSignal): Promise<BenchReport> {
  const folder = await mkdtemp(join(tmpdir(), 'ansinh-bench-'));
  try {
    return reportOf(await measureAll(folder, options, signal));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function measureAll(
  folder: string,
  { rows, large }: MoneyOptions,
  signal: AbortSignal,
): Promise<Measurements> {
  const loadBefore = Number(loadavg()[0]!.toFixed(2));
  tell({ vi: `Chuẩn bị danh sách ${rows} dòng`, en: `Preparing a list of ${rows} lines` });
  const list = await listOf(folder, rows);
  const alone = await measureWithoutSuite({ folder, list, rows, large, signal });
  tell({
    vi: 'Cả hệ thống qua HTTP, với ngân hàng giả lập',
    en: 'The whole system over HTTP, with the simulator',
  });
  return { rows, loadBefore, ...alone, suite: await measureSuite(list, signal) };
}

async function listOf(folder: string, rows: number): Promise<DemoList> {
  const path = join(folder, `list-${rows}.csv`);
  await generateList(path, rows, 1);
  return surveyList(path);
}

/** What needs PostgreSQL alone, on one server of the settings that the suite has. */
async function measureWithoutSuite({
  folder,
  list,
  rows,
  large,
  signal,
}: MoneyOptions & { folder: string; list: DemoList; signal: AbortSignal }): Promise<
  Omit<Measurements, 'rows' | 'loadBefore' | 'suite'>
> {
  const postgres = await startPostgres({ persistent: false });
  const server = new pg.Client({ connectionString: postgres.url() });
  await server.connect();
  /**
   * On a database of its own, after everything before is on disk: none pays for what another has left behind. What came
   * out is told at once, for a run of half an hour that may yet fail.
   */
  const measure = async <T>(name: string, work: (url: string) => Promise<T>): Promise<T> => {
    signal.throwIfAborted();
    await server.query(`CREATE DATABASE ${name}`);
    await server.query('CHECKPOINT');
    const result = await work(postgres.url(name));
    await server.query(`DROP DATABASE ${name} WITH (FORCE)`);
    const told = `  ${JSON.stringify(result)}`;
    tell({ vi: told, en: told });
    return result;
  };
  const measureOurs = (name: string, ofList: DemoList) =>
    measure(name, async (ownerUrl) => {
      const login = await ensureServiceLogin(ownerUrl, 'bench');
      return measureLifecycle({ url: databaseUrl(login, name), ownerUrl }, folder, ofList, signal);
    });
  const measureLarge = async () => {
    const largeRows = rows * largeTimes;
    tell({ vi: `Của ta, ${largeRows} dòng`, en: `Ours, ${largeRows} lines` });
    const largeList = await listOf(folder, largeRows);
    return measureOurs('bench_large', largeList);
  };
  try {
    tell({ vi: 'Sàn: SQL viết tay', en: 'Floor: hand-written SQL' });
    const floor = await measure('bench_floor', (url) => measureFloor(url, folder, rows));
    tell({ vi: 'Của ta, từng bước', en: 'Ours, step by step' });
    const lifecycle = await measureOurs('bench_ours', list);
    const payments = Math.min(rows, jobPaymentsMax);
    tell({ vi: `Mỗi khoản một job, ${payments} khoản`, en: `One job a payment, ${payments} payments` });
    const jobs = await measureQueues((redisUrl, duties) =>
      measure('bench_jobs', (url) => measureJobs(url, { payments, redisUrl, duties })),
    );
    const measured = { machine: await machineOf(server), floor, lifecycle, jobs };
    return large ? { ...measured, large: await measureLarge() } : measured;
  } finally {
    await server.end();
    await postgres.stop();
  }
}

type MeasureQueue = (redisUrl: string | null, duties: Duties) => Promise<JobPerPayment>;

/** On PostgreSQL, and on Redis where the machine has one; each way twice. */
async function measureQueues(measure: MeasureQueue): Promise<JobPerPayment[]> {
  const redis = await findRedis();
  try {
    const jobs: JobPerPayment[] = [];
    for (const duties of ['bare', 'guarded'] as const) {
      for (const url of redis ? [null, redis.url] : [null]) jobs.push(await measure(url, duties));
    }
    return jobs;
  } finally {
    await redis?.stop();
  }
}

async function machineOf(server: pg.Client): Promise<Machine> {
  const { rows } = await server.query<{ server_version: string }>('SHOW server_version');
  return {
    cores: cpus().length,
    model: cpus()[0]?.model.trim() ?? 'unknown',
    memoryGb: Math.round(totalmem() / 1024 ** 3),
    node: process.versions.node,
    postgresql: rows[0]!.server_version,
  };
}
