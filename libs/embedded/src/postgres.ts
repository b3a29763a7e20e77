import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, mkdirSync, openSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import pg from 'pg';
import { throwawayDirectory } from './directories.js';
import { FriendlyError } from './friendly-error.js';
import { lastLines } from './log-file.js';
import { assertPortFree, freePort, portInUse } from './ports.js';
import { postgresBinaries } from './postgres-binaries.js';
import { ensureCluster, recordOwner } from './postgres-cluster.js';
import { childrenOf, identifyProcess, waitForEnd } from './process-table.js';
import { forgetProcess, watchProcess } from './reaper.js';
import { serverAccount } from './server-account.js';

const START_WAIT_MS = 60_000;
const STOP_WAIT_MS = 60_000;
/** Longest path of a Unix socket that every platform accepts, less the socket's own name. */
const SOCKET_DIRECTORY_LENGTH_MAX = 80;

export interface PostgresOptions {
  /** Created when absent; left out: a throwaway one under the temporary directory. */
  dataDirectory?: string;
  /** Of 127.0.0.1; left out: any free one. */
  port?: number;
  /** false: the data directory is removed at the end. */
  persistent: boolean;
  /** Where the server's own log goes; left out: beside the data directory. */
  logFile?: string;
  /** false survives a crash of the server, but not of the machine: for data that nobody will miss, in tests. */
  isDurable?: boolean;
}

export interface Postgres {
  readonly host: string;
  readonly port: number;
  readonly pid: number;
  readonly dataDirectory: string;
  /** Connection string of the role `postgres` for a database of this server. */
  url(database?: string): string;
  /** Ends the server by any signal, as a fault would; `stop` still tidies up afterwards. */
  kill(signal: NodeJS.Signals): void;
  /** Ends everything of the server in one moment, as if it had lost its power; `startPostgres` brings the data back. */
  crash(): Promise<void>;
  /** Fast shutdown: open transactions are rolled back, everything committed is on disk. */
  stop(): Promise<void>;
}

/**
 * Starts a PostgreSQL 18 server of our own on 127.0.0.1 and waits until it answers.
 * Throws a FriendlyError when the port is taken, the data directory is in use or not usable, or the server ends at once.
 * Should this process die without `stop`, the server is shut down all the same.
 */
export async function startPostgres(options: PostgresOptions): Promise<Postgres> {
  const dataDirectory = options.dataDirectory ?? join(throwawayDirectory('postgres'), 'data');
  const logFile = options.logFile ?? `${dataDirectory}.log`;
  const isDurable = options.isDurable ?? true;
  const account = serverAccount(dataDirectory);
  const binaries = postgresBinaries(account);
  const password = await ensureCluster({ dataDirectory, binaries, account, isDurable });
  if (options.port) await assertPortFree(options.port, 'PostgreSQL', 'POSTGRES_PORT');
  const port = options.port ?? (await freePort());

  mkdirSync(dirname(logFile), { recursive: true });
  const log = openSync(logFile, 'w', 0o600);
  const server = spawn(
    binaries.postgres,
    ['-D', dataDirectory, ...settings({ dataDirectory, port, isDurable })],
    {
      ...account,
      cwd: '/',
      // A session of its own: Ctrl-C must reach us alone, so that the services stop before their database.
      detached: true,
      env: { PATH: process.env['PATH'], LC_ALL: 'C' },
      stdio: ['ignore', log, log],
    },
  );
  closeSync(log);
  if (server.pid) watchProcess(server.pid, 'INT');
  const url = (database = 'postgres') => `postgresql://postgres:${password}@127.0.0.1:${port}/${database}`;
  await waitUntilAnswering({ server, url: url(), port, logFile });
  const pid = server.pid as number;
  recordOwner(dataDirectory, identifyProcess(process.pid));
  server.unref();

  let stopping: Promise<void> | undefined;
  return {
    host: '127.0.0.1',
    port,
    pid,
    dataDirectory,
    url,
    kill: (signal) => void server.kill(signal),
    crash: () => crashServer(pid),
    stop: () => (stopping ??= stopServer({ pid, dataDirectory, persistent: options.persistent })),
  };
}

function settings(server: { dataDirectory: string; port: number; isDurable: boolean }): string[] {
  const socketDirectory =
    server.dataDirectory.length <= SOCKET_DIRECTORY_LENGTH_MAX ? server.dataDirectory : '';
  const values: Record<string, string | number> = {
    listen_addresses: '127.0.0.1',
    port: server.port,
    unix_socket_directories: socketDirectory,
    max_connections: 200,
    timezone: 'UTC',
    // For two cores and bulk loads of some hundred thousand rows: few checkpoints, and room for the tables of a list, as the
    // databases of a cluster have. It is taken as it is needed.
    shared_buffers: '1GB',
    work_mem: '32MB',
    maintenance_work_mem: '256MB',
    max_wal_size: '4GB',
    checkpoint_timeout: '15min',
    checkpoint_completion_target: 0.9,
    // Pages of indexes of keys, ids and seals hardly shrink: to try was a third of writing people after a checkpoint.
    wal_compression: 'off',
    random_page_cost: 1.1,
    // Compiling costs more than it saves on statements of this size.
    jit: 'off',
    // Two cores are shared with the services; and parallel joins need a /dev/shm larger than containers give.
    max_parallel_workers_per_gather: 0,
    // Money is on disk before it is called paid.
    fsync: server.isDurable ? 'on' : 'off',
    synchronous_commit: 'on',
    full_page_writes: server.isDurable ? 'on' : 'off',
  };
  return Object.entries(values).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
}

async function waitUntilAnswering(start: {
  server: ChildProcess;
  url: string;
  port: number;
  logFile: string;
}): Promise<void> {
  const deadline = Date.now() + START_WAIT_MS;
  let spawnError: Error | undefined;
  start.server.once('error', (error) => (spawnError = error));
  for (;;) {
    if (await isAnswering(start.url)) return;
    const hasEnded = start.server.exitCode !== null || start.server.signalCode !== null;
    if (spawnError || hasEnded)
      throw serverEnded(start.port, spawnError?.message ?? lastLines(start.logFile, 10));
    if (Date.now() > deadline) {
      start.server.kill('SIGQUIT');
      throw serverEnded(start.port, lastLines(start.logFile, 10));
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

async function isAnswering(url: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5_000 });
  client.on('error', () => undefined); // A refused or broken connection is the answer "not yet", given below.
  try {
    await client.connect();
    await client.query('SELECT 1');
    return true;
  } catch (error) {
    // 57P03: still starting up. 28P01 would mean that somebody else's server answers here.
    if ((error as { code?: string }).code === '28P01') throw error;
    return false;
  } finally {
    await client.end();
  }
}

function serverEnded(port: number, log: string): FriendlyError {
  if (/could not bind IPv4|Address already in use/.test(log))
    return portInUse(port, 'PostgreSQL', 'POSTGRES_PORT');
  return new FriendlyError({
    vi: `PostgreSQL không khởi động được. Nhật ký của nó:\n${log}`,
    en: `PostgreSQL did not start. Its log:\n${log}`,
  });
}

async function crashServer(pid: number): Promise<void> {
  // Frozen first: it must neither start another child nor tidy up after those that die.
  sendSignal(pid, 'SIGSTOP');
  const all = [...childrenOf(pid), pid];
  for (const one of all) sendSignal(one, 'SIGKILL');
  for (const one of all) await waitForEnd(one, STOP_WAIT_MS);
  forgetProcess(pid);
}

async function stopServer(stop: { pid: number; dataDirectory: string; persistent: boolean }): Promise<void> {
  for (const [signal, waitMs] of [
    ['SIGINT', STOP_WAIT_MS],
    ['SIGQUIT', 10_000],
    ['SIGKILL', 10_000],
  ] as const) {
    sendSignal(stop.pid, signal);
    if (await waitForEnd(stop.pid, waitMs)) break;
  }
  forgetProcess(stop.pid);
  if (!stop.persistent) rmSync(stop.dataDirectory, { recursive: true, force: true });
}

function sendSignal(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
