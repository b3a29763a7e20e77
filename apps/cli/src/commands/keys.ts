import { setTimeout as sleep } from 'node:timers/promises';
import type { Command } from 'commander';
import type { KeyRotation, SealingKeys } from '@ansinh/client';
import type { Context } from '../context.js';
import { exitCodes } from '../failure.js';
import { startProgress } from '../output/progress.js';
import { table } from '../output/table.js';
import { type ServiceName, serviceOption, withExamples } from '../usage.js';

interface OfService {
  service: ServiceName;
}

const lookMs = 500;

/** `keys status` and `keys rotate`: which keys citizen numbers and accounts are sealed under. No key is ever shown. */
export function registerKeys(program: Command, context: Context): void {
  const text = context.text.privacy;
  const keys = program.command('keys').description(text.keys);
  const status = keys
    .command('status')
    .description(text.status)
    .addOption(serviceOption(context))
    .action(async ({ service }: OfService) => printKeys(context, await context.of(service).sealingKeys()));
  withExamples(status, context, [
    'ansinh keys status --as keykeeper',
    'ansinh keys status --service registry --as keykeeper',
  ]);
  const rotate = keys
    .command('rotate')
    .description(text.rotate)
    .addOption(serviceOption(context))
    .action(({ service }: OfService) => rotateKeys(context, service));
  withExamples(rotate, context, [
    'ansinh keys rotate --as keykeeper',
    'ansinh keys rotate --service registry --as keykeeper',
  ]);
}

/** Starts a rotation, or joins the one that runs, and follows it to its end. Ctrl-C leaves it running. */
async function rotateKeys(context: Context, service: ServiceName): Promise<void> {
  const keys = context.of(service);
  const before = await keys.sealingKeys();
  const hasOld = before.versions.some(({ version, blocks }) => version < before.current && blocks > 0);
  if (hasOld || before.rotation?.state === 'running') {
    await follow(context, keys, await keys.keyRotations.start());
  }
  const after = await keys.sealingKeys();
  printKeys(context, after);
  if (after.rotation?.state === 'running') context.exitCode = exitCodes.wrongFound;
}

/** Ends with the rotation, or when it cannot go on by itself. */
async function follow(
  context: Context,
  { keyRotations }: ReturnType<Context['of']>,
  started: KeyRotation,
): Promise<void> {
  const progress = startProgress(context, 'rows');
  let rotation = started;
  try {
    for (;;) {
      const { resealed: done, blocks } = rotation;
      // A list that a process with older keys brings meanwhile is sealed anew as well.
      progress.update({ label: context.text.privacy.sealing, done, total: Math.max(done, blocks) });
      if (rotation.state === 'finished' || rotation.problem !== null) break;
      await sleep(lookMs);
      rotation = await keyRotations.get(rotation.id);
    }
  } finally {
    progress.stop();
  }
  if (rotation.problem !== null) context.note(context.text.privacy.stuck(rotation.problem));
}

function printKeys(context: Context, keys: SealingKeys): void {
  const { titles, inUse, removable, missing, kept } = context.text.privacy;
  const stateOf = ({ version, isGiven, isRemovable }: SealingKeys['versions'][number]) => {
    if (!isGiven) return missing;
    if (version === keys.current) return inUse;
    return isRemovable ? removable : kept;
  };
  const rows = keys.versions.map((key) => [String(key.version), context.count(key.blocks), stateOf(key)]);
  const columns = [
    { title: titles.version, right: true },
    { title: titles.blocks, right: true },
    { title: titles.state },
  ];
  context.print(keys, table(columns, rows));
}
