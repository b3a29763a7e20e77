import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { cpus, loadavg, tmpdir, totalmem } from 'node:os';
import { join, resolve } from 'node:path';
import { Command, InvalidArgumentError } from 'commander';
import pg from 'pg';
import { startPostgres } from '@ansinh/embedded';
import { measureFloor } from './bench/floor.js';
import { measureJobs } from './bench/job-per-payment.js';
import { measureLifecycle } from './bench/lifecycle.js';
import { type Machine, type Measurements, reportOf } from './bench/report.js';
import { measureSuite } from './bench/suite-run.js';
import { tableOf } from './bench/table.js';
import { runCommand, tell } from './command.js';
import { type DemoList, generateList, surveyList } from './demo/list.js';

const jobPaymentsMax = 20_000;

const whole = (text: string) => {
  if (!/^[1-9][0-9]{0,6}$/.test(text))
    throw new InvalidArgumentError('cần số nguyên / a whole number is needed');
  return Number(text);
};

const options = new Command('npm run bench --')
  .description(
    'Đo cả đường đi của tiền, cạnh SQL viết tay / the money path beside hand-written SQL, in one run',
  )
  .option('--rows <n>', 'số dòng của danh sách / rows of the list', whole, 604_000)
  .option('--json <file>', 'ghi kết quả / also write the results to a file')
  .parse()
  .opts<{ rows: number; json?: string }>();

// A bar that is missed is said aloud and is no failure: whoever runs this may sit at a slow or a busy machine.
await runCommand(async (signal) => {
  const folder = await mkdtemp(join(tmpdir(), 'ansinh-bench-'));
  // All figures are set against each other, so all come from the servers that are started for them.
  delete process.env['DATABASE_URL'];
  try {
    const report = reportOf(await measureAll(folder, signal));
    if (options.json) {
      const file = resolve(process.env['INIT_CWD'] ?? '.', options.json);
      await writeFile(file, `${JSON.stringify(report, null, 2)}\n`);
    }
    process.stdout.write(`${tableOf(report)}\n\n${JSON.stringify(report)}\n`);
    return 0;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

async function measureAll(folder: string, signal: AbortSignal): Promise<Measurements> {
  const { rows } = options;
  const loadBefore = Number(loadavg()[0]!.toFixed(2));
  tell({ vi: `Chuẩn bị danh sách ${rows} dòng`, en: `Preparing a list of ${rows} lines` });
  const path = join(folder, 'list.csv');
  await generateList(path, rows, 1);
  const list = await surveyList(path);
  const alone = await measureWithoutSuite(folder, list, signal);
  tell({
    vi: 'Cả hệ thống qua HTTP, với ngân hàng giả lập',
    en: 'The whole system over HTTP, with the simulator',
  });
  return { rows, loadBefore, ...alone, suite: await measureSuite(list, signal) };
}

/** What needs PostgreSQL alone, on one server of the settings that the suite has. */
async function measureWithoutSuite(
  folder: string,
  list: DemoList,
  signal: AbortSignal,
): Promise<Pick<Measurements, 'machine' | 'floor' | 'lifecycle' | 'jobs'>> {
  const { rows } = options;
  const postgres = await startPostgres({ persistent: false });
  const server = new pg.Client({ connectionString: postgres.url() });
  await server.connect();
  /** On a database of its own, after everything before is on disk: none pays for what another has left behind. */
  const measure = async <T>(name: string, work: (url: string) => Promise<T>): Promise<T> => {
    signal.throwIfAborted();
    await server.query(`CREATE DATABASE ${name}`);
    await server.query('CHECKPOINT');
    const result = await work(postgres.url(name));
    await server.query(`DROP DATABASE ${name} WITH (FORCE)`);
    return result;
  };
  try {
    tell({ vi: 'Sàn: SQL viết tay', en: 'Floor: hand-written SQL' });
    const floor = await measure('bench_floor', (url) => measureFloor(url, folder, rows));
    tell({ vi: 'Của ta, từng bước', en: 'Ours, step by step' });
    const lifecycle = await measure('bench_ours', (url) => measureLifecycle(url, folder, list, signal));
    const payments = Math.min(rows, jobPaymentsMax);
    tell({ vi: `Mỗi khoản một job, ${payments} khoản`, en: `One job a payment, ${payments} payments` });
    const jobs = await measure('bench_jobs', (url) => measureJobs(url, payments));
    return { machine: await machineOf(server), floor, lifecycle, jobs };
  } finally {
    await server.end();
    await postgres.stop();
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
