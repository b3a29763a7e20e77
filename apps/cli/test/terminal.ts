import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable, Writable } from 'node:stream';
import type { Terminal } from '../src/context.js';
import { run } from '../src/run.js';

export interface Outcome {
  code: number;
  out: string;
  err: string;
}

export interface Surroundings {
  env?: NodeJS.ProcessEnv;
  stdin?: string;
  /** Whether standard error is a terminal. */
  isTerminal?: boolean;
}

export const temporaryDirectory = (): string => mkdtempSync(join(tmpdir(), 'ansinh-cli-'));

/** Runs one command line of the program as in a pipe, signed in by a token unless `env` says otherwise. */
export async function ansinh(
  url: string,
  argv: string[],
  { env = {}, stdin = '', isTerminal = false }: Surroundings = {},
): Promise<Outcome> {
  const [stdout, stderr] = [capture(false), capture(isTerminal)];
  const terminal: Terminal = {
    stdin: Readable.from(stdin === '' ? [] : [Buffer.from(stdin)]),
    stdout: stdout.stream,
    stderr: stderr.stream,
    env: { ANSINH_URL: url, ANSINH_TOKEN: 'token', XDG_CONFIG_HOME: '/nonexistent', ...env },
  };
  const code = await run(argv, terminal);
  return { code, out: stdout.text(), err: stderr.text() };
}

function capture(isTerminal: boolean): {
  stream: Writable & { isTTY: boolean; columns: number };
  text: () => string;
} {
  const chunks: string[] = [];
  const stream = new Writable({
    write: (chunk: Buffer, _encoding, done) => {
      chunks.push(chunk.toString());
      done();
    },
  });
  return { stream: Object.assign(stream, { isTTY: isTerminal, columns: 100 }), text: () => chunks.join('') };
}
