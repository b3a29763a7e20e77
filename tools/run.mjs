// What every command of package.json goes through. It needs nothing but Node 18: it installs what is missing, builds
// what has changed, and hands over to the command itself on the Node that the lock file pins.
import { existsSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildWorkspace } from './bootstrap/build.mjs';
import { ensureDependencies, pinnedNode } from './bootstrap/install.mjs';
import { withLock } from './bootstrap/lock.mjs';
import { exitCodeOf, runChild } from './bootstrap/run-child.mjs';
import { Refusal, say } from './bootstrap/say.mjs';
import { workspace } from './bootstrap/workspace.mjs';

/** Each is a file of tools/src. `build` ends before them, `ansinh` is the operators' command line. */
const COMMANDS = [
  'demo',
  'start',
  'test',
  'bench',
  'faults',
  'ci',
  'generated',
  'migrations',
  'deployment',
  'rehearse-restore',
];

/** @param {string[]} argv the command and its arguments */
export async function run([command = 'start', ...rest]) {
  try {
    process.exitCode = await prepareAndRun(command, rest);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exitCode = error.exitCode;
  }
}

async function prepareAndRun(command, rest) {
  await withLock(async () => {
    await ensureDependencies();
    await buildWorkspace(await pinnedNode());
  });
  if (command === 'build') return 0;
  // Built just now.
  const { nodeFlags } = await import('../libs/embedded/dist/node-flags.js');
  const script = command === 'ansinh' ? join(workspace, 'apps/cli/dist/main.js') : toolScript(command);
  const end = await runChild(await pinnedNode(), [...nodeFlags, script, ...rest], { stdio: 'inherit' });
  return exitCodeOf(end);
}

function toolScript(command) {
  const script = join(workspace, 'tools/dist', `${command}.js`);
  if (COMMANDS.includes(command) && existsSync(script)) return script;
  const known = ['build', ...COMMANDS].join(', ');
  throw new Refusal(
    say(`Không có lệnh "${command}". Các lệnh: ${known}`, `No command "${command}". There are: ${known}`),
    64,
  );
}

// Also imported by ansinh.mjs, which hands over its own arguments.
if (process.argv[1] && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url))
  await run(process.argv.slice(2));
