/** `:86:`, in whichever of the two usual structures it is written; free text has no references. */
export interface Mt940Information {
  /** The text as a person reads it: lines joined, without codes of sub-fields. */
  text: string;
  /** The kind of transaction by the bank's own list, e.g. `166`. */
  code: string | null;
  /** By four letters: `EREF` end-to-end id, `KREF` or `PREF` the payer's message, `SVWZ` or `REMI` the purpose, … */
  references: Readonly<Record<string, string>>;
  /** The other side. */
  bank: string | null;
  account: string | null;
  name: string | null;
}

/**
 * Reads `:86:`. Sub-fields come as `?20EREF+…` (DK, Germany) or as `/EREF/…/REMI/…` (SWIFT's own, as in the Netherlands).
 * Lines were cut wherever 65 characters were full, so they are joined without anything between.
 */
export function readInformation(field: string): Mt940Information {
  const text = field.replaceAll('\n', '');
  if (/^\d{3}\?/.test(text)) return readQuestionMarks(text);
  if (/^\/[A-Z]{4}\//.test(text)) return readSlashes(text);
  return { text, code: null, references: {}, bank: null, account: null, name: null };
}

function readQuestionMarks(text: string): Mt940Information {
  const parts = new Map<string, string>();
  for (const [, code, value] of text.matchAll(/\?(\d{2})([^?]*)/g)) {
    parts.set(code!, (parts.get(code!) ?? '') + value!);
  }
  const join = (first: number, last: number) =>
    [...parts].filter(([code]) => Number(code) >= first && Number(code) <= last).map(([, value]) => value);
  const purpose = [...join(20, 29), ...join(60, 63)].join('');
  return {
    text: purpose,
    code: text.slice(0, 3),
    references: referencesOf(purpose, /([A-Z]{4})\+/g),
    bank: parts.get('30') || null,
    account: parts.get('31') || null,
    name: join(32, 33).join('') || null,
  };
}

function readSlashes(text: string): Mt940Information {
  const references = referencesOf(text, /\/([A-Z]{4})\/+/g);
  return {
    text,
    code: null,
    references,
    bank: null,
    account: references['ACCT'] ?? references['IBAN'] ?? null,
    name: references['NAME'] ?? null,
  };
}

/** Each value goes up to the next key. A key that comes again does not change what it said first. */
function referencesOf(text: string, key: RegExp): Record<string, string> {
  const references: Record<string, string> = {};
  const keys = [...text.matchAll(key)];
  for (const [index, match] of keys.entries()) {
    const value = text.slice(match.index + match[0].length, keys[index + 1]?.index).replace(/\/+$/, '');
    references[match[1]!] ??= value.trim();
  }
  return references;
}
