import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, mkdirSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { FriendlyError } from './friendly-error.js';
import { lastLines } from './log-file.js';
import { nodeFlags } from './node-flags.js';
import { peakRssMbOf } from './process-table.js';
import { forgetProcess, watchProcess } from './reaper.js';

/** What V8 has compiled of a service is read from here by the next start of it: a fifth of the processor time of a start. */
const compiled = fileURLToPath(new URL('../../../node_modules/.cache/compiled', import.meta.url));

const READY_WAIT_MS = 60_000;
const STOP_WAIT_MS = 20_000;
const PEAK_EVERY_MS = 1_000;

export interface ServiceOptions {
  /** Shown in messages. */
  name: string;
  /** The built JavaScript file, absolute. */
  script: string;
  args?: readonly string[];
  /** The whole environment of the process: nothing is inherited but what is given here. */
  environment: NodeJS.ProcessEnv;
  /** Standard output and error of the process, from its start. */
  logFile: string;
  /** Answers 200 once the process can work, e.g. `http://127.0.0.1:4001/health/ready`; left out: ready at once. */
  readyUrl?: string;
  /** Bound of the JavaScript heap, in MiB. The rest of the resident set (code, buffers) comes on top: some 100 MiB. */
  heapMbMax?: number;
  /** Gives the start up: the process is ended and `startService` rejects with the signal's reason. */
  signal?: AbortSignal;
}

/** How a process ended: by its own exit code or by a signal. */
export interface ServiceEnd {
  code: number | null;
  signal: NodeJS.Signals | null;
}

export interface ServiceProcess {
  readonly name: string;
  readonly pid: number;
  readonly logFile: string;
  /** Settles when the process has ended, for whatever reason. */
  readonly ended: Promise<ServiceEnd>;
  /** The largest resident set so far, in MiB. Sampled each second: the system keeps the peak, so only the last second can be missed. */
  peakRssMb(): number;
  /** Sends a signal and waits for nothing: `kill('SIGKILL')` is a crash, `kill('SIGSTOP')` a process that hangs. */
  kill(signal: NodeJS.Signals): void;
  /** SIGTERM, and SIGKILL if it takes longer than its grace. */
  stop(): Promise<ServiceEnd>;
}

/**
 * Starts a service of ours in a process of its own, on the Node that runs this one, and waits until it is ready.
 * Throws a FriendlyError with the last lines of its log when it ends first or does not get ready in a minute.
 */
export async function startService(options: ServiceOptions): Promise<ServiceProcess> {
  const child = spawnService(options);
  const pid = child.pid;
  if (pid === undefined) throw new Error(`${options.name} has no process id`);
  watchProcess(pid, 'TERM');

  let peakRssMb = 0;
  const sample = () => void (peakRssMb = Math.max(peakRssMb, peakRssMbOf(pid) ?? 0));
  const sampler = setInterval(sample, PEAK_EVERY_MS);
  sampler.unref();
  const ended = new Promise<ServiceEnd>((resolve) => {
    child.once('exit', (code, signal) => {
      clearInterval(sampler);
      forgetProcess(pid);
      resolve({ code, signal });
    });
  });

  const service: ServiceProcess = {
    name: options.name,
    pid,
    logFile: options.logFile,
    ended,
    peakRssMb: () => {
      sample();
      return peakRssMb;
    },
    kill: (signal) => void child.kill(signal),
    stop: () => {
      sample();
      return stopService(child, ended);
    },
  };
  try {
    if (options.readyUrl) await waitUntilReady(service, options.readyUrl, options.signal);
  } catch (error) {
    child.kill('SIGKILL');
    await ended;
    throw error;
  }
  return service;
}

/** Runs a script of ours to its end, e.g. a migration. Throws a FriendlyError with its last lines unless it succeeds. */
export async function runToEnd(options: Omit<ServiceOptions, 'readyUrl'>): Promise<void> {
  const service = await startService(options);
  const giveUp = () => service.kill('SIGKILL');
  options.signal?.addEventListener('abort', giveUp);
  const end = await service.ended;
  options.signal?.removeEventListener('abort', giveUp);
  options.signal?.throwIfAborted();
  if (end.code !== 0) throw endedBadly(service, end);
}

function spawnService(options: ServiceOptions): ChildProcess {
  mkdirSync(dirname(options.logFile), { recursive: true });
  const log = openSync(options.logFile, 'w', 0o600);
  const { heapMbMax } = options;
  // Of one flag given twice the last counts.
  const flags = [...nodeFlags, ...(heapMbMax ? [`--max-old-space-size=${heapMbMax}`] : [])];
  const child = spawn(process.execPath, [...flags, options.script, ...(options.args ?? [])], {
    // A session of its own: Ctrl-C must reach us alone, for the services to be stopped in order.
    detached: true,
    env: { NODE_COMPILE_CACHE: compiled, ...options.environment },
    stdio: ['ignore', log, log],
  });
  closeSync(log);
  return child;
}

async function waitUntilReady(service: ServiceProcess, url: string, signal?: AbortSignal): Promise<void> {
  let end: ServiceEnd | undefined;
  void service.ended.then((value) => (end = value));
  const deadline = Date.now() + READY_WAIT_MS;
  while (!(await isReady(url))) {
    signal?.throwIfAborted();
    if (end || Date.now() > deadline) throw endedBadly(service, end);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

async function isReady(url: string): Promise<boolean> {
  try {
    const answer = await fetch(url, { signal: AbortSignal.timeout(5_000) });
    await answer.arrayBuffer();
    return answer.ok;
  } catch (error) {
    // Nobody listens yet, or it is too busy to answer in time.
    if (['TypeError', 'TimeoutError'].includes((error as Error).name)) return false;
    throw error;
  }
}

function endedBadly(service: ServiceProcess, end: ServiceEnd | undefined): FriendlyError {
  const log = lastLines(service.logFile, 20);
  const how = end ? (end.signal ?? `exit code ${end.code}`) : `${READY_WAIT_MS / 1000} s`;
  return new FriendlyError({
    vi: `${service.name} không thành công (${how}). Những dòng cuối của ${service.logFile}:\n${log}`,
    en: `${service.name} failed (${how}). The last lines of ${service.logFile}:\n${log}`,
  });
}

async function stopService(child: ChildProcess, ended: Promise<ServiceEnd>): Promise<ServiceEnd> {
  child.kill('SIGTERM');
  // A process that a test has stopped by SIGSTOP hears SIGTERM only after this.
  child.kill('SIGCONT');
  const timer = setTimeout(() => child.kill('SIGKILL'), STOP_WAIT_MS);
  const end = await ended;
  clearTimeout(timer);
  return end;
}
