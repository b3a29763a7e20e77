import { createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { PassThrough, Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Context } from '../context.js';
import { UsageError } from '../failure.js';

/**
 * Hands `write` a stream (which it ends) into the file, or onto standard output where none is named. The file appears
 * under its name only when it is whole: a download that broke off never looks like a list.
 */
export async function writeOut(
  context: Context,
  file: string | undefined,
  write: (to: Writable) => Promise<void>,
): Promise<void> {
  if (file === undefined) {
    if (context.json) throw new UsageError(context.text.general.usage.needsOutput);
    await fill(standardOutput(context), write);
    return;
  }
  const partial = `${file}.part`;
  try {
    await fill(createWriteStream(partial), write);
    await rename(partial, file);
  } catch (error) {
    await rm(partial, { force: true });
    throw error;
  }
}

/** Whichever of writer and target fails first is the error. */
async function fill(target: Writable, write: (to: Writable) => Promise<void>): Promise<void> {
  const through = new PassThrough();
  await Promise.all([write(through), pipeline(through, target)]);
}

/** Standard output stays open after a download. */
function standardOutput({ terminal: { stdout } }: Context): Writable {
  return new Writable({ write: (chunk: Buffer, encoding, done) => void stdout.write(chunk, encoding, done) });
}
