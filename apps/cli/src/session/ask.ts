import { createInterface } from 'node:readline/promises';
import { text as readAll } from 'node:stream/consumers';
import { Writable } from 'node:stream';
import type { Context } from '../context.js';
import { UsageError } from '../failure.js';

export function canAsk({ terminal: { stdin, stderr } }: Context): boolean {
  return Boolean(stdin.isTTY && stderr.isTTY);
}

/** Asks on the terminal; the question goes to standard error. `hidden` shows nothing of what is typed. */
export async function ask(context: Context, question: string, { hidden = false } = {}): Promise<string> {
  const { stdin, stderr } = context.terminal;
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  const lines = createInterface({ input: stdin, output: hidden ? nowhere : stderr, terminal: true });
  // The terminal gives Ctrl-C to the question, not to the process: it still means the end of the program.
  lines.once('SIGINT', () => {
    lines.close();
    process.kill(process.pid, 'SIGINT');
  });
  try {
    if (hidden) stderr.write(question);
    return await lines.question(hidden ? '' : question);
  } finally {
    lines.close();
    if (hidden) stderr.write('\n');
  }
}

/** From standard input, ANSINH_PASSWORD or the terminal: never from the command line, which other users can read. */
export async function readPassword(context: Context, user: string, fromStdin: boolean): Promise<string> {
  const { stdin, env } = context.terminal;
  const text = context.text.session;
  if (fromStdin) return (await readAll(stdin)).replace(/\r?\n$/, '');
  if (env['ANSINH_PASSWORD']) return env['ANSINH_PASSWORD'];
  if (!canAsk(context)) throw new UsageError(text.passwordNeeded);
  return ask(context, text.passwordOf(user), { hidden: true });
}
