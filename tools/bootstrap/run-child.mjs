import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { constants } from 'node:os';

const ancestorsAtStart = ancestors();
const FORWARDED = ['SIGINT', 'SIGTERM', 'SIGHUP'];

/**
 * Runs a program to its end and passes signals on. With Ctrl-C the terminal has told it already; whoever signals this
 * process alone means the program too. With `output: 'collect'` what it prints is returned instead of shown.
 */
export function runChild(file, args, { output = 'show', ...options } = {}) {
  return new Promise((resolve, reject) => {
    const stdio = output === 'collect' ? ['ignore', 'pipe', 'pipe'] : 'inherit';
    const child = spawn(file, args, { stdio, ...options });
    let printed = '';
    child.stdout?.on('data', (chunk) => (printed += chunk));
    child.stderr?.on('data', (chunk) => (printed += chunk));
    const forward = (signal) => child.kill(signal);
    for (const signal of FORWARDED) process.on(signal, forward);
    const watch = watchParent(() => child.kill('SIGTERM'));
    child.once('error', reject);
    child.once('close', (code, signal) => {
      clearInterval(watch);
      for (const name of FORWARDED) process.off(name, forward);
      resolve({ code, signal, printed });
    });
  });
}

/** As a shell reports it. */
export function exitCodeOf({ code, signal }) {
  return code ?? 128 + (constants.signals[signal] ?? 0);
}

/**
 * npm that is killed by SIGKILL cannot pass it on: we notice that the shell between npm and us has got another parent.
 * Without npm we may well outlive our parent (nohup), and with npm nobody asks for that.
 */
function watchParent(onGone) {
  if (!process.env.npm_lifecycle_event) return undefined;
  return setInterval(() => ancestors() !== ancestorsAtStart && onGone(), 1000).unref();
}

function ancestors() {
  return `${process.ppid} ${parentOf(process.ppid)}`;
}

function parentOf(pid) {
  const file = `/proc/${pid}/stat`;
  if (!existsSync(file)) return '';
  const stat = readFileSync(file, 'utf8');
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1];
}
