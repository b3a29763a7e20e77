import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';

/** A process id alone is not enough to recognise a process: ids are used again, in containers within minutes. */
export interface ProcessIdentity {
  pid: number;
  startedAt: string;
}

export function identifyProcess(pid: number): ProcessIdentity {
  return { pid, startedAt: startOf(pid) };
}

/** Whether that very process still runs; another process under the same id does not count. */
export function isSameProcessAlive(identity: ProcessIdentity): boolean {
  return isAlive(identity.pid) && startOf(identity.pid) === identity.startedAt;
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
  return stateOf(pid) !== 'Z';
}

/** The command line of a process with its arguments separated by spaces; empty when it cannot be read. */
export function commandLineOf(pid: number): string {
  if (existsSync('/proc/self/cmdline')) return (readProc(pid, 'cmdline') ?? '').replaceAll('\0', ' ').trim();
  return spawnSync('ps', ['-o', 'command=', '-p', String(pid)], { encoding: 'utf8' }).stdout?.trim() ?? '';
}

/** The processes that this one has started, and that still run. */
export function childrenOf(pid: number): number[] {
  if (existsSync('/proc/self/stat')) {
    const all = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
    return all.map(Number).filter((one) => statOf(one)?.[1] === String(pid));
  }
  const { stdout } = spawnSync('pgrep', ['-P', String(pid)], { encoding: 'utf8' });
  return (stdout ?? '').split('\n').filter(Boolean).map(Number);
}

/** The largest resident set that a process has had so far, in MiB; undefined once it is gone. */
export function peakRssMbOf(pid: number): number | undefined {
  if (existsSync('/proc/self/status')) {
    const match = /^VmHWM:\s+(\d+) kB/m.exec(readProc(pid, 'status') ?? '');
    return match ? Math.ceil(Number(match[1]) / 1024) : undefined;
  }
  const output = spawnSync('ps', ['-o', 'rss=', '-p', String(pid)], { encoding: 'utf8' }).stdout?.trim();
  return output ? Math.ceil(Number(output) / 1024) : undefined;
}

/** Waits until the process has ended; false when it still runs after `timeoutMs`. */
export async function waitForEnd(pid: number, timeoutMs: number): Promise<boolean> {
  const deadline = Date.now() + timeoutMs;
  while (isAlive(pid)) {
    if (Date.now() > deadline) return false;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return true;
}

function startOf(pid: number): string {
  const stat = statOf(pid);
  if (stat !== undefined) return stat[19] ?? '';
  return spawnSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' }).stdout?.trim() ?? '';
}

function stateOf(pid: number): string | undefined {
  return statOf(pid)?.[0];
}

/** Fields of /proc/<pid>/stat from the third on: those behind the command name, which may itself contain spaces. */
function statOf(pid: number): string[] | undefined {
  const stat = readProc(pid, 'stat');
  return stat?.slice(stat.lastIndexOf(')') + 2).split(' ');
}

function readProc(pid: number, file: string): string | undefined {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'ENOENT' || code === 'ESRCH' || code === 'EACCES') return undefined;
    throw error;
  }
}
