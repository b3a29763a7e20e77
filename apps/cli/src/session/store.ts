import { randomUUID } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';

export interface SignIn {
  accessToken: string;
  refreshToken?: string;
  /** Milliseconds since 1970. */
  expiresAtMs: number;
}

/** The sign-ins at one issuer, by user name; `current` is the last who signed in. */
export interface SignIns {
  current?: string;
  users: Record<string, SignIn>;
}

type Stored = Record<string, SignIns>;

function fileOf(env: NodeJS.ProcessEnv): string {
  const directory = env['XDG_CONFIG_HOME'] || join(env['HOME'] || homedir(), '.config');
  return join(directory, 'ansinh', 'credentials.json');
}

export async function readSignIns(env: NodeJS.ProcessEnv, issuer: string): Promise<SignIns> {
  return (await readAll(env))[issuer] ?? { users: {} };
}

/** Replaces the file at once, readable by its owner only, so that another command never reads half of it. */
export async function writeSignIns(env: NodeJS.ProcessEnv, issuer: string, signIns: SignIns): Promise<void> {
  const file = fileOf(env);
  const partial = `${file}.${randomUUID()}`;
  const stored: Stored = { ...(await readAll(env)), [issuer]: signIns };
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  await writeFile(partial, `${JSON.stringify(stored, null, 2)}\n`, { mode: 0o600 });
  await rename(partial, file);
}

async function readAll(env: NodeJS.ProcessEnv): Promise<Stored> {
  try {
    return JSON.parse(await readFile(fileOf(env), 'utf8')) as Stored;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return {};
    throw error;
  }
}
