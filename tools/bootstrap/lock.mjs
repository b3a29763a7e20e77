import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { progress } from './say.mjs';
import { workspace } from './workspace.mjs';

const lockFile = join(workspace, '.nx/ansinh-bootstrap.lock');

/** Two commands started at once in one checkout install and build after each other, never into each other. */
export async function withLock(work) {
  const isLocked = await takeLock();
  try {
    return await work();
  } finally {
    if (isLocked) rmSync(lockFile, { force: true });
  }
}

async function takeLock() {
  for (let attempt = 0; ; attempt += 1) {
    try {
      mkdirSync(join(workspace, '.nx'), { recursive: true });
      writeFileSync(lockFile, String(process.pid), { flag: 'wx' });
      return true;
    } catch (error) {
      // A checkout that we may not write to can be run when it is built; then nothing is written here either.
      if (['EACCES', 'EROFS', 'EPERM'].includes(error.code)) return false;
      if (error.code !== 'EEXIST') throw error;
    }
    if (isHolderGone()) rmSync(lockFile, { force: true });
    else {
      if (attempt === 0) {
        progress(
          'Đợi một lệnh khác cài đặt xong…',
          'Waiting for another command to finish its installation…',
        );
      }
      await new Promise((resolve) => setTimeout(resolve, 500));
    }
  }
}

function isHolderGone() {
  try {
    const holder = Number(readFileSync(lockFile, 'utf8'));
    // Empty for an instant, between being created and being written.
    if (!holder) return false;
    process.kill(holder, 0);
    // In a container the ids of processes come again soon: the one that has it now may have nothing to do with us.
    const commandLine = `/proc/${holder}/cmdline`;
    return existsSync(commandLine) && !/(run|ansinh)(\.mjs)?\0/.test(readFileSync(commandLine, 'utf8'));
  } catch (error) {
    return error.code === 'ESRCH';
  }
}
