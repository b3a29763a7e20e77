import {
  chownSync,
  copyFileSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import pg from 'pg';
import { FriendlyError } from './friendly-error.js';
import type { Postgres } from './postgres.js';

/** Of no use in a copy: locks of the running server, and what it makes anew when it starts. */
const LEFT_OUT = new Set(['postmaster.pid', 'postmaster.opts', 'ansinh.owner.json']);
/** The socket and its lock name a process: where the copy starts, that number may be somebody else's, and the start is refused. */
const SOCKET = /^\.s\.PGSQL\./;
const EMPTIED = new Set([
  'pg_wal',
  'pg_replslot',
  'pg_dynshmem',
  'pg_notify',
  'pg_serial',
  'pg_snapshots',
  'pg_stat_tmp',
  'pg_subtrans',
]);

/**
 * Copies the cluster of a server while it works, by the way that PostgreSQL documents for it (pg_backup_start, copy,
 * pg_backup_stop): for the embedded server, whose package has no pg_basebackup. A start on the copy comes up with what was
 * committed at the end of the copying.
 * @param to a directory that is not there yet; it is there only when the copy is whole
 */
export async function backUpPostgres({ url, dataDirectory }: BackedUp, to: string): Promise<void> {
  assertAbsent(to);
  const draft = `${to}.draft`;
  rmSync(draft, { recursive: true, force: true });
  mkdirSync(dirname(to), { recursive: true });
  const client = new pg.Client({ connectionString: url() });
  await client.connect();
  try {
    // Holds back the log that the copy needs; gone with this connection.
    await client.query(
      `SELECT pg_create_physical_replication_slot('ansinh_backup_' || pg_backend_pid(), true, true)`,
    );
    const { rows: began } = await client.query<{ first: string }>(
      `SELECT pg_walfile_name(pg_backup_start('ansinh', true)) AS first`,
    );
    copyTree(dataDirectory, draft, (name) => !LEFT_OUT.has(name) && !SOCKET.test(name), EMPTIED);
    const { rows: ended } = await client.query<{ labelfile: string; last: string }>(
      `SELECT labelfile, pg_walfile_name(lsn) AS last FROM pg_backup_stop(false)`,
    );
    const [{ first }, { labelfile, last }] = [began[0]!, ended[0]!];
    const isNeeded = (name: string) => !/^[0-9A-F]{24}$/.test(name) || (name >= first && name <= last);
    copyTree(
      join(dataDirectory, 'pg_wal'),
      join(draft, 'pg_wal'),
      isNeeded,
      new Set(['archive_status', 'summaries']),
    );
    writeFileSync(join(draft, 'backup_label'), labelfile, { mode: 0o600 });
    giveTo(dataDirectory, draft);
    renameSync(draft, to);
  } finally {
    await client.end();
    rmSync(draft, { recursive: true, force: true });
  }
}

type BackedUp = Pick<Postgres, 'url' | 'dataDirectory'>;

/** Puts a copy made by {@link backUpPostgres} where a server can start on it; the copy stays as it is. */
export function restorePostgres(from: string, dataDirectory: string): void {
  assertAbsent(dataDirectory);
  copyTree(from, dataDirectory, () => true, new Set());
  giveTo(from, dataDirectory);
}

function copyTree(
  from: string,
  to: string,
  isWanted: (name: string) => boolean,
  emptied: ReadonlySet<string>,
): void {
  mkdirSync(to, { recursive: true, mode: 0o700 });
  for (const entry of readdirSync(from, { withFileTypes: true })) {
    if (!isWanted(entry.name) || entry.name.startsWith('pgsql_tmp')) continue;
    const [source, target] = [join(from, entry.name), join(to, entry.name)];
    if (emptied.has(entry.name)) mkdirSync(target, { recursive: true, mode: 0o700 });
    else if (entry.isDirectory()) copyTree(source, target, isWanted, emptied);
    else if (entry.isFile()) copyIfThere(source, target);
  }
}

/** The server drops and renames files while they are copied; what of them counts is in its log. */
function copyIfThere(source: string, target: string): void {
  try {
    copyFileSync(source, target);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
}

/** To whom the original belongs: the server will not start on files of somebody else. */
function giveTo(original: string, copy: string): void {
  const { uid, gid } = statSync(original);
  if (process.getuid?.() !== 0) return;
  const give = (path: string) => {
    chownSync(path, uid, gid);
    if (!statSync(path).isDirectory()) return;
    for (const name of readdirSync(path)) give(join(path, name));
  };
  give(copy);
}

function assertAbsent(directory: string): void {
  if (!statSync(directory, { throwIfNoEntry: false })) return;
  throw new FriendlyError({
    vi: `${directory} đã có. Hãy chọn chỗ khác, hoặc dời nó đi.`,
    en: `${directory} is there already. Choose another place, or move it away.`,
  });
}
