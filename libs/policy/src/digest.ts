import { createHash } from 'node:crypto';

/** What can be written in one way only. `undefined` in an object is as if it were not there. */
export type Canonical =
  | string
  | number
  | bigint
  | boolean
  | null
  | undefined
  | readonly Canonical[]
  | { readonly [key: string]: Canonical };

/**
 * JSON with its keys in the order of their code units, amounts as text, no spaces: RFC 8785 for what occurs here, where
 * numbers are whole or have few decimals. Two machines write the same of the same.
 */
export function canonicalJson(value: Canonical): string {
  if (typeof value === 'bigint') return `"${value}"`;
  if (value === undefined || value === null) return 'null';
  if (typeof value !== 'object') return JSON.stringify(value);
  if (isList(value)) return `[${value.map(canonicalJson).join(',')}]`;
  const keys = Object.keys(value).filter((key) => value[key] !== undefined);
  return `{${keys
    .sort()
    .map((key) => `${JSON.stringify(key)}:${canonicalJson(value[key])}`)
    .join(',')}}`;
}

function isList(value: object): value is readonly Canonical[] {
  return Array.isArray(value);
}

/** SHA-256 of the canonical form, in hexadecimal. */
export function digestOf(value: Canonical): string {
  return createHash('sha256').update(canonicalJson(value)).digest('hex');
}
