import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { FriendlyError } from './friendly-error.js';
import { identifyProcess, isSameProcessAlive, waitForEnd, type ProcessIdentity } from './process-table.js';

const STOP_WAIT_MS = 10_000;

interface RunRecord {
  owner: ProcessIdentity;
  services: ProcessIdentity[];
}

/**
 * Claims a state directory for this process. Refuses while another one holds it; ends the services of one that was
 * killed so thoroughly that nothing could tidy up behind it.
 */
export async function claimDirectory(directory: string): Promise<void> {
  mkdirSync(directory, { recursive: true });
  const file = join(directory, 'running.json');
  const previous = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as RunRecord) : undefined;
  if (previous && isSameProcessAlive(previous.owner)) {
    throw new FriendlyError({
      vi: `An Sinh đang chạy từ đây rồi (tiến trình ${previous.owner.pid}). Hãy dừng nó (Ctrl-C) trước khi chạy lần nữa.`,
      en: `An Sinh already runs from here (process ${previous.owner.pid}). Stop it (Ctrl-C) before starting again.`,
    });
  }
  for (const service of previous?.services ?? []) await endAbandoned(service);
  recordServices(directory, []);
}

/** Writes down which processes belong to the run, for the next start to find them. */
export function recordServices(directory: string, pids: readonly number[]): void {
  const record: RunRecord = { owner: identifyProcess(process.pid), services: pids.map(identifyProcess) };
  writeFileSync(join(directory, 'running.json'), JSON.stringify(record));
}

export function releaseDirectory(directory: string): void {
  rmSync(join(directory, 'running.json'), { force: true });
}

async function endAbandoned(service: ProcessIdentity): Promise<void> {
  if (!isSameProcessAlive(service)) return;
  process.kill(service.pid, 'SIGTERM');
  if (!(await waitForEnd(service.pid, STOP_WAIT_MS))) process.kill(service.pid, 'SIGKILL');
}
