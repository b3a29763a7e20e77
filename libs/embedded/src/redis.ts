import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmodSync, closeSync, openSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { throwawayDirectory } from './directories.js';
import { FriendlyError } from './friendly-error.js';
import { lastLines } from './log-file.js';
import { freePort } from './ports.js';
import { waitForEnd } from './process-table.js';
import { forgetProcess, watchProcess } from './reaper.js';

const START_WAIT_MS = 15_000;

export interface Redis {
  readonly url: string;
  /** Ends the server at once and starts it again on its data; none for one that we did not start. */
  restart: (() => Promise<void>) | null;
  /** Stops the server if we started it; an existing one is left alone. */
  stop(): Promise<void>;
}

/**
 * The Redis for the queue: the one of REDIS_URL, else a `redis-server` of the PATH started for us alone on a private
 * port, else null: the queue then lives in PostgreSQL.
 */
export async function findRedis(environment: NodeJS.ProcessEnv = process.env): Promise<Redis | null> {
  const url = environment['REDIS_URL'];
  if (url) return { url, restart: null, stop: async () => undefined };
  if (spawnSync('redis-server', ['--version'], { env: environment, stdio: 'ignore' }).status !== 0)
    return null;
  return await startRedis(environment);
}

/** A server of its own, whatever REDIS_URL says. @throws FriendlyError when there is no `redis-server` */
export async function startRedis(environment: NodeJS.ProcessEnv = process.env): Promise<Redis> {
  const directory = throwawayDirectory('redis');
  chmodSync(directory, 0o700);
  const place = { directory, port: await freePort(), password: randomBytes(24).toString('hex') };
  let server = await serve(place, environment);
  return {
    url: `redis://:${place.password}@127.0.0.1:${place.port}`,
    restart: async () => {
      const ended = new Promise((resolve) => server.once('exit', resolve));
      server.kill('SIGKILL');
      await ended;
      forgetProcess(server.pid!);
      server = await serve(place, environment);
    },
    stop: () => stopRedis(server.pid!),
  };
}

interface Place {
  directory: string;
  port: number;
  password: string;
}

async function serve(
  { directory, port, password }: Place,
  environment: NodeJS.ProcessEnv,
): Promise<ChildProcess> {
  const logFile = join(directory, 'redis.log');
  const log = openSync(logFile, 'w', 0o600);
  // The configuration comes by standard input: arguments can be read by everybody on the machine, the password may not.
  const server = spawn('redis-server', ['-'], {
    cwd: directory,
    detached: true,
    env: environment,
    stdio: ['pipe', log, log],
  });
  closeSync(log);
  server.on('error', (error) => process.emitWarning(`redis-server: ${error.message}`));
  server.stdin?.end(
    [
      `port ${port}`,
      'bind 127.0.0.1',
      `dir ${directory}`,
      `requirepass ${password}`,
      'appendonly yes',
      // A queue must not forget jobs to make room for others.
      'maxmemory-policy noeviction',
      'save ""',
    ].join('\n'),
  );
  if (server.pid) watchProcess(server.pid, 'TERM');
  const deadline = Date.now() + START_WAIT_MS;
  while (!(await answersPing(port, password))) {
    if (server.exitCode !== null || Date.now() > deadline) {
      server.kill('SIGKILL');
      throw new FriendlyError({
        vi: `redis-server không khởi động được. Nhật ký của nó:\n${lastLines(logFile, 10)}`,
        en: `redis-server did not start. Its log:\n${lastLines(logFile, 10)}`,
      });
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  server.unref();
  return server;
}

async function stopRedis(pid: number): Promise<void> {
  process.kill(pid, 'SIGTERM');
  if (!(await waitForEnd(pid, 10_000))) process.kill(pid, 'SIGKILL');
  forgetProcess(pid);
}

function answersPing(port: number, password: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1', timeout: 1_000 });
    const finish = (isAnswering: boolean) => {
      socket.destroy();
      resolve(isAnswering);
    };
    socket.once('connect', () => socket.write(`AUTH ${password}\r\nPING\r\n`));
    socket.on('data', (chunk) => finish(chunk.includes('+OK') || chunk.includes('+PONG')));
    socket.once('error', () => finish(false));
    socket.once('timeout', () => finish(false));
  });
}
