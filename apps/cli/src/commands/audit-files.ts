import { readFile, writeFile } from 'node:fs/promises';
import { fingerprintOf, type SignedRoot } from '@ansinh/audit-chain';
import type { Context } from '../context.js';
import { UsageError } from '../failure.js';

/** @throws UsageError for a file that cannot be read, or is not JSON */
export async function readJson(context: Context, file: string): Promise<unknown> {
  const text = await readText(context, file);
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw new UsageError(context.text.audit.notJson(file));
  }
}

/** The public keys of a file of PEM, one or several. */
export async function readKeys(context: Context, file: string): Promise<string[]> {
  const text = await readText(context, file);
  const keys = text.match(/-----BEGIN PUBLIC KEY-----[^-]+-----END PUBLIC KEY-----/g) ?? [];
  if (keys.length === 0 || !keys.every(isKey)) throw new UsageError(context.text.audit.notKey(file));
  return keys;
}

/** Roots as `audit roots` saved them. */
export async function readRoots(context: Context, file: string): Promise<SignedRoot[]> {
  const { items } = (await readJson(context, file)) as { items?: unknown };
  if (!Array.isArray(items) || !items.every(isRoot)) throw new UsageError(context.text.audit.notRoots(file));
  return items;
}

export async function saveJson(context: Context, file: string, document: unknown): Promise<void> {
  await writeFile(file, `${JSON.stringify(document, undefined, 2)}\n`);
  context.print({ file }, context.text.general.saved(file));
}

async function readText(context: Context, file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch {
    throw new UsageError(context.text.general.usage.noSuchFile(file));
  }
}

function isKey(pem: string): boolean {
  try {
    return fingerprintOf(pem).length > 0;
  } catch {
    return false;
  }
}

const rootTexts = ['log', 'day', 'firstSeq', 'treeRoot', 'chainHash', 'previousRoot'];

function isRoot(value: unknown): value is SignedRoot {
  if (typeof value !== 'object' || value === null) return false;
  const root = value as Record<string, unknown>;
  return Number.isSafeInteger(root['events']) && rootTexts.every((name) => typeof root[name] === 'string');
}
