import { join } from 'node:path';
import { runToEnd, type Suite } from '@ansinh/embedded';
import { WORKSPACE } from './command.js';

/** A believable province in a new registry. Does nothing where there are people. */
export async function seedRegistry(
  suite: Suite,
  { people, seed, signal }: { people: number; seed: number; signal: AbortSignal },
): Promise<void> {
  await runSeed(suite, [String(people), String(seed)], signal);
}

/** The made-up people of a file, a line of JSON each. */
export async function seedRegistryFrom(suite: Suite, path: string, signal: AbortSignal): Promise<void> {
  await runSeed(suite, ['--file', path], signal);
}

async function runSeed(
  { databaseUrls, secrets, stateDirectory }: Suite,
  args: string[],
  signal: AbortSignal,
): Promise<void> {
  await runToEnd({
    name: 'registry-seed',
    script: join(WORKSPACE, 'apps/registry/dist/main.seed.js'),
    args,
    environment: {
      PATH: process.env['PATH'],
      DATABASE_URL: databaseUrls.registry,
      SEALING_KEYS: secrets.SEALING_KEYS,
      LOOKUP_KEY: secrets.LOOKUP_KEY,
    },
    logFile: join(stateDirectory, 'logs/registry-seed.log'),
    signal,
  });
}
