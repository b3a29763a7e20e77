import { createHash } from 'node:crypto';
import { accessSync, chmodSync, constants, lstatSync, mkdirSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { FriendlyError } from './friendly-error.js';
import { removeAtEnd } from './reaper.js';
import { canReach, serverAccount } from './server-account.js';

// Others may pass through (the server's account has to), only the owner may list or write.
const PASSABLE = 0o711;

/**
 * Where a checkout keeps its database, its keys and its logs: `.ansinh/` in the checkout itself, or, when the
 * database server's account cannot reach it there or we may not write, a place under the system's temporary directory.
 */
export function stateDirectory(checkout: string): string {
  const preferred = join(resolve(checkout), '.ansinh');
  try {
    if (!isReachableByServer(resolve(checkout))) return elsewhere(checkout);
    const isNew = mkdirSync(preferred, { recursive: true, mode: PASSABLE }) !== undefined;
    if (isNew) chmodSync(preferred, PASSABLE);
    accessSync(preferred, constants.W_OK);
    if (isReachableByServer(preferred)) return preferred;
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code !== 'EACCES' && code !== 'EROFS' && code !== 'EPERM') throw error;
  }
  return elsewhere(checkout);
}

function elsewhere(checkout: string): string {
  const digest = createHash('sha256').update(resolve(checkout)).digest('hex').slice(0, 12);
  return makeDirectory(join(temporaryHome(), `checkout-${digest}`));
}

/** A new directory that is removed when this process ends, however it ends. */
export function throwawayDirectory(name: string): string {
  const directory = mkdtempSync(join(temporaryHome(), `${name}-`));
  chmodSync(directory, PASSABLE);
  removeAtEnd(directory);
  return directory;
}

/** `ansinh-<uid>` in the system's temporary directory: ours alone to write in. */
export function temporaryHome(): string {
  const candidates = [tmpdir(), '/tmp', '/var/tmp'];
  const parent = candidates.find(isReachableByServer);
  if (parent) return makeDirectory(join(parent, `ansinh-${process.getuid?.() ?? 'user'}`));
  throw new FriendlyError({
    vi: `Không có thư mục tạm nào dùng được trong ${candidates.join(', ')}. Hãy đặt TMPDIR.`,
    en: `None of the temporary directories ${candidates.join(', ')} can be used. Set TMPDIR.`,
  });
}

function makeDirectory(directory: string): string {
  if (mkdirSync(directory, { recursive: true, mode: PASSABLE }) !== undefined) chmodSync(directory, PASSABLE);
  // The temporary directory belongs to everybody: a directory that somebody else prepared under our name is refused.
  const found = lstatSync(directory);
  const isOurs =
    found.isDirectory() && found.uid === (process.getuid?.() ?? found.uid) && !(found.mode & 0o022);
  if (isOurs) return directory;
  throw new FriendlyError({
    vi: `Thư mục ${directory} thuộc về người khác hoặc ai cũng ghi được. Hãy xoá nó, hoặc đặt TMPDIR.`,
    en: `The directory ${directory} belongs to somebody else or is writable by others. Remove it, or set TMPDIR.`,
  });
}

function isReachableByServer(directory: string): boolean {
  return canReach(directory, serverAccount(join(directory, 'postgres')));
}
