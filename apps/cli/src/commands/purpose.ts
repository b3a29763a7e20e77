import type { Command } from 'commander';
import type { AccessPurpose, PurposeCode } from '@ansinh/client';
import type { Context } from '../context.js';
import { UsageError } from '../failure.js';
import { choice, matching } from '../usage.js';

export const purposeCodes: readonly PurposeCode[] = [
  'bankFile',
  'cashList',
  'listCorrection',
  'listCheck',
  'returnFollowUp',
  'dossierWork',
  'grievance',
  'inspection',
  'investigation',
];

export interface PurposeOptions {
  purpose?: PurposeCode;
  note?: string;
}

/** Why whole numbers of people are needed; without the two options they come masked. */
export function withPurpose(command: Command, context: Context): Command {
  const { options } = context.text.privacy;
  return command
    .addOption(choice('--purpose <purpose>', options.purpose, purposeCodes, context))
    .option('--note <text>', options.note, matching(/^.{10,300}$/su, context.text.privacy.noteForm));
}

/** @param usual the purpose where only a note is given */
export function purposeOf(
  context: Context,
  { purpose, note }: PurposeOptions,
  usual?: PurposeCode,
): AccessPurpose | undefined {
  const code = purpose ?? (note === undefined ? undefined : usual);
  if (code === undefined && note === undefined) return undefined;
  if (code === undefined || note === undefined) throw new UsageError(context.text.privacy.needsBoth);
  return { code, note };
}
