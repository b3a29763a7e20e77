import { spawnSync } from 'node:child_process';
import { statSync } from 'node:fs';
import { FriendlyError } from './friendly-error.js';

/** The account under which a server process is started. */
export interface ServerAccount {
  uid: number;
  gid: number;
}

/**
 * PostgreSQL refuses to run as root. Started by root it runs as the owner of its data directory, or, for a new one,
 * as `postgres` or `nobody`; no account is ever created. Started by anybody else it runs as that user: undefined.
 */
export function serverAccount(dataDirectory: string): ServerAccount | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const owner = statSync(dataDirectory, { throwIfNoEntry: false });
  if (owner && owner.uid !== 0) return { uid: owner.uid, gid: owner.gid };
  const account = accountNamed('postgres') ?? accountNamed('nobody');
  if (account) return account;
  throw new FriendlyError({
    vi: 'PostgreSQL không chạy được bằng tài khoản root, và máy này không có tài khoản "postgres" hay "nobody". Hãy chạy bằng một tài khoản thường, hoặc đặt DATABASE_URL.',
    en: 'PostgreSQL does not run as root, and this machine has neither a "postgres" nor a "nobody" account. Run this as an ordinary user, or set DATABASE_URL.',
  });
}

/** Whether the account can go through every parent of the path, and through the directory or run the program there. */
export function canReach(path: string, account: ServerAccount | undefined): boolean {
  // Asked of the system itself: mode bits alone would miss access lists and read-only mounts.
  const probe = spawnSync('/bin/sh', ['-c', 'test -x "$1"', 'sh', path], {
    ...account,
    cwd: '/',
    stdio: 'ignore',
  });
  if (!probe.error) return probe.status === 0;
  throw new FriendlyError(
    {
      vi: `Không chuyển được sang tài khoản ${account?.uid} để chạy PostgreSQL (${probe.error.message}). Hãy chạy bằng một tài khoản thường, hoặc đặt DATABASE_URL.`,
      en: `Could not switch to the account ${account?.uid} to run PostgreSQL (${probe.error.message}). Run this as an ordinary user, or set DATABASE_URL.`,
    },
    { cause: probe.error },
  );
}

function accountNamed(name: string): ServerAccount | undefined {
  const [uid, gid] = [numericId('-u', name), numericId('-g', name)];
  return uid === undefined || gid === undefined ? undefined : { uid, gid };
}

function numericId(flag: '-u' | '-g', name: string): number | undefined {
  const { status, stdout } = spawnSync('id', [flag, name], { encoding: 'utf8' });
  return status === 0 ? Number.parseInt(stdout, 10) : undefined;
}
