import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { FriendlyError } from './friendly-error.js';
import type { PostgresBinaries } from './postgres-binaries.js';
import type { ServerAccount } from './server-account.js';
import {
  commandLineOf,
  isAlive,
  isSameProcessAlive,
  waitForEnd,
  type ProcessIdentity,
} from './process-table.js';

/** Kept inside the data directory, so that the two cannot be separated. */
const PASSWORD_FILE = 'ansinh.password';
const OWNER_FILE = 'ansinh.owner.json';
const STOP_WAIT_MS = 30_000;

/** What `ensureCluster` needs to know of the server that is about to be started. */
export interface ClusterOptions {
  dataDirectory: string;
  binaries: PostgresBinaries;
  account: ServerAccount | undefined;
  /** false skips the disk flushes of initdb: for data that nobody will miss. */
  isDurable: boolean;
}

/**
 * Makes the data directory ready to be served and returns the password of the role `postgres`: creates it when it is
 * absent, refuses it when it is of another version, half made, or served by somebody who is alive, and ends a server
 * whose owner has died.
 */
export async function ensureCluster(options: ClusterOptions): Promise<string> {
  const { dataDirectory } = options;
  removeBrokenDrafts(dataDirectory);
  if (!existsSync(dataDirectory) || readdirSync(dataDirectory).length === 0) createCluster(options);
  assertUsable(dataDirectory, options.binaries.major);
  await endAbandonedServer(dataDirectory);
  return readFileSync(join(dataDirectory, PASSWORD_FILE), 'utf8').trim();
}

/** Records which process serves the directory, for the next start to tell an orphan from a running neighbour. */
export function recordOwner(dataDirectory: string, owner: ProcessIdentity): void {
  writeFileSync(join(dataDirectory, OWNER_FILE), JSON.stringify(owner), { mode: 0o644 });
}

/** initdb runs in a draft beside the place and is renamed when whole: a directory with data is never a half-made one. */
function createCluster({ dataDirectory, binaries, account, isDurable }: ClusterOptions): void {
  mkdirSync(dirname(dataDirectory), { recursive: true });
  const draft = mkdtempSync(draftPrefix(dataDirectory));
  const passwordFile = join(draft, PASSWORD_FILE);
  writeFileSync(passwordFile, `${randomBytes(24).toString('base64url')}\n`, { mode: 0o600 });
  if (account) for (const path of [draft, passwordFile]) chownSync(path, account.uid, account.gid);
  // The built-in provider gives the same order and the same letter cases on every machine, whatever locales it has.
  const locale = ['--encoding=UTF8', '--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8'];
  const access = ['--username=postgres', '--auth=scram-sha-256', `--pwfile=${passwordFile}`];
  const target = ['-D', join(draft, 'data'), '--no-instructions', ...(isDurable ? [] : ['--no-sync'])];
  const { status, error, stderr } = spawnSync(binaries.initdb, [...target, ...access, ...locale], {
    ...account,
    cwd: '/',
    env: { PATH: process.env['PATH'], LC_ALL: 'C' },
    encoding: 'utf8',
  });
  if (status !== 0) {
    rmSync(draft, { recursive: true, force: true });
    throw initdbFailed(dataDirectory, error?.message ?? stderr.trim());
  }
  renameSync(passwordFile, join(draft, 'data', PASSWORD_FILE));
  chmodSync(join(draft, 'data'), 0o700);
  renameSync(join(draft, 'data'), dataDirectory);
  rmSync(draft, { recursive: true });
}

function draftPrefix(dataDirectory: string): string {
  return join(dirname(dataDirectory), `.${basename(dataDirectory)}-draft-`);
}

function removeBrokenDrafts(dataDirectory: string): void {
  const parent = dirname(dataDirectory);
  if (!existsSync(parent)) return;
  const prefix = basename(draftPrefix(dataDirectory));
  for (const name of readdirSync(parent)) {
    if (name.startsWith(prefix)) rmSync(join(parent, name), { recursive: true, force: true });
  }
}

function assertUsable(dataDirectory: string, major: string): void {
  const versionFile = join(dataDirectory, 'PG_VERSION');
  if (!existsSync(versionFile) || !existsSync(join(dataDirectory, 'global/pg_control'))) {
    throw new FriendlyError({
      vi: `Thư mục dữ liệu ${dataDirectory} không trống nhưng cũng không phải dữ liệu PostgreSQL đầy đủ. Hãy dời hoặc xoá nó rồi chạy lại.`,
      en: `The data directory ${dataDirectory} is not empty, yet not a complete PostgreSQL data directory. Move or delete it and start again.`,
    });
  }
  const version = readFileSync(versionFile, 'utf8').trim();
  if (version !== major) {
    throw new FriendlyError({
      vi: `Thư mục dữ liệu ${dataDirectory} thuộc PostgreSQL ${version}, bản kèm theo là PostgreSQL ${major}. Hãy dời nó đi (hoặc chuyển đổi bằng pg_upgrade) rồi chạy lại.`,
      en: `The data directory ${dataDirectory} is of PostgreSQL ${version}, the embedded one is PostgreSQL ${major}. Move it away (or convert it by pg_upgrade) and start again.`,
    });
  }
  if (!existsSync(join(dataDirectory, PASSWORD_FILE))) {
    throw new FriendlyError({
      vi: `Thư mục dữ liệu ${dataDirectory} không do An Sinh tạo ra (thiếu ${PASSWORD_FILE}). Hãy chọn thư mục khác.`,
      en: `The data directory ${dataDirectory} was not made by An Sinh (${PASSWORD_FILE} is missing). Choose another one.`,
    });
  }
}

async function endAbandonedServer(dataDirectory: string): Promise<void> {
  const lockFile = join(dataDirectory, 'postmaster.pid');
  if (!existsSync(lockFile)) return;
  const pid = Number.parseInt(readFileSync(lockFile, 'utf8'), 10);
  const isServing = pid > 0 && isAlive(pid) && commandLineOf(pid).includes(dataDirectory);
  if (!isServing) return endOrphans(lockFile);
  const owner = readOwner(dataDirectory);
  if (owner && isSameProcessAlive(owner)) throw alreadyServed(dataDirectory, owner.pid);
  process.kill(pid, 'SIGINT');
  if (!(await waitForEnd(pid, STOP_WAIT_MS))) throw alreadyServed(dataDirectory, pid);
}

/**
 * The server's main process is gone. PostgreSQL clears its lock away by itself, but for two cases: its id now belongs to an
 * unrelated process, or some of its children still work on the data. The first is told apart here; for the second the lock
 * must stay as it is, for by what stands in it PostgreSQL sees them, and two servers on one directory would destroy it.
 */
async function endOrphans(lockFile: string): Promise<void> {
  const lines = readFileSync(lockFile, 'utf8').split('\n');
  const sharedMemoryId = lines[6]?.trim().split(/\s+/)[1];
  const deadline = Date.now() + STOP_WAIT_MS;
  // They end by themselves as soon as they notice.
  while (sharedMemoryId !== undefined && isAttached(sharedMemoryId) && Date.now() < deadline) {
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  // Of a lock that names the starter of the new server PostgreSQL knows that it is an old one.
  writeFileSync(lockFile, [String(process.pid), ...lines.slice(1)].join('\n'));
}

/** Whether a process still holds the shared memory of a server; where that cannot be read, PostgreSQL alone judges. */
function isAttached(sharedMemoryId: string): boolean {
  if (!existsSync('/proc/sysvipc/shm')) return false;
  const segments = readFileSync('/proc/sysvipc/shm', 'utf8').split('\n').slice(1);
  const found = segments.map((line) => line.trim().split(/\s+/)).find(([, id]) => id === sharedMemoryId);
  return found !== undefined && Number(found[6]) > 0;
}

function readOwner(dataDirectory: string): ProcessIdentity | undefined {
  const file = join(dataDirectory, OWNER_FILE);
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as ProcessIdentity) : undefined;
}

function alreadyServed(dataDirectory: string, pid: number): FriendlyError {
  return new FriendlyError({
    vi: `An Sinh đang chạy trên thư mục dữ liệu này rồi (tiến trình ${pid}, ${dataDirectory}). Hãy dừng nó (Ctrl-C) trước khi chạy lần nữa.`,
    en: `An Sinh already runs on this data directory (process ${pid}, ${dataDirectory}). Stop it (Ctrl-C) before starting again.`,
  });
}

function initdbFailed(dataDirectory: string, reason: string): FriendlyError {
  return new FriendlyError({
    vi: `Không tạo được thư mục dữ liệu PostgreSQL ${dataDirectory}: ${reason}`,
    en: `Could not create the PostgreSQL data directory ${dataDirectory}: ${reason}`,
  });
}
