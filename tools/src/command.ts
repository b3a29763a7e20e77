import { fileURLToPath } from 'node:url';
import { describeError, say } from '@ansinh/embedded';

/** Root of the checkout, absolute. */
export const WORKSPACE = fileURLToPath(new URL('../../', import.meta.url));

const SIGNALS = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;
/** One Ctrl-C arrives up to three times: from the terminal, from npm, from the bootstrap. */
const SAME_PRESS_MS = 3_000;

/**
 * Runs a command to its end: errors as messages, an exit code, and an orderly stop on Ctrl-C. The command is told by
 * `signal` to stop and returns when everything it has started is gone; a second Ctrl-C does not wait for that.
 */
export async function runCommand(command: (signal: AbortSignal) => Promise<number>): Promise<void> {
  const stop = new AbortController();
  let interruptedAt = 0;
  let exitCode: number | undefined;
  const interrupt = (signal: keyof typeof SIGNALS) => {
    if (stop.signal.aborted && Date.now() - interruptedAt < SAME_PRESS_MS) return;
    if (stop.signal.aborted) process.exit(SIGNALS[signal]);
    interruptedAt = Date.now();
    exitCode = SIGNALS[signal];
    tell({ vi: 'Đang dừng…', en: 'Stopping…' });
    stop.abort(new Error(signal));
  };
  for (const signal of Object.keys(SIGNALS) as (keyof typeof SIGNALS)[]) process.on(signal, interrupt);
  stopWithParent(() => interrupt('SIGTERM'));
  // Whoever reads our output may have had enough of it (`| head`): that is no fault, and we need not go on.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    interrupt('SIGTERM');
  });
  try {
    const own = await command(stop.signal);
    process.exitCode = exitCode ?? own;
  } catch (error) {
    if (!stop.signal.aborted) process.stderr.write(`${describeError(error)}\n`);
    process.exitCode = exitCode ?? 1;
  }
}

/** Settles when the command is told to stop. */
export function untilAborted(signal: AbortSignal): Promise<undefined> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve(undefined);
    signal.addEventListener('abort', () => resolve(undefined), { once: true });
  });
}

/** Progress is for people and goes to standard error: standard output belongs to results. */
export function tell(text: { vi: string; en: string }): void {
  process.stderr.write(`${say(text)}\n`);
}

/** The bootstrap cannot pass on a SIGKILL: that it has gone is seen by our having got another parent. */
function stopWithParent(onGone: () => void): void {
  const parent = process.ppid;
  setInterval(() => {
    if (process.ppid !== parent) onGone();
  }, 1_000).unref();
}
