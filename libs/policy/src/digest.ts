import { hash } from 'node:crypto';

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
  let text = '{';
  for (const key of Object.keys(value).sort()) {
    const part = value[key];
    if (part === undefined) continue;
    text += `${text.length > 1 ? ',' : ''}${quoted(key)}:${canonicalJson(part)}`;
  }
  return `${text}}`;
}

/** Names of facts and fields: some hundreds, and each decision has the same ones. */
const quotedMax = 10_000;
const quotedKeys = new Map<string, string>();

export function quoted(key: string): string {
  const known = quotedKeys.get(key);
  if (known !== undefined) return known;
  const text = JSON.stringify(key);
  if (quotedKeys.size < quotedMax) quotedKeys.set(key, text);
  return text;
}

function isList(value: object): value is readonly Canonical[] {
  return Array.isArray(value);
}

/** SHA-256 of the canonical form, in hexadecimal. */
export function digestOf(value: Canonical): string {
  return digestOfText(canonicalJson(value));
}

/** Of what is in canonical form already. */
export function digestOfText(canonical: string): string {
  return hash('sha256', canonical);
}
