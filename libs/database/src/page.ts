import { problems, ProblemError } from '@ansinh/problem';

/** A page by key: `next` is the cursor of the following page, null on the last one. */
export interface Page<T> {
  items: T[];
  next: string | null;
}

/** Makes a page of rows fetched with `LIMIT limit + 1`; `keyOf` gives the values that the order is by. */
export function pageOf<T>(
  rows: T[],
  limit: number,
  keyOf: (row: T) => readonly (string | number)[],
): Page<T> {
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  const hasMore = rows.length > limit && last !== undefined;
  return { items, next: hasMore ? cursorOf(keyOf(last)) : null };
}

/** The cursor of a row: opaque to callers, the values that the order is by to us. */
export function cursorOf(key: readonly (string | number)[]): string {
  return Buffer.from(JSON.stringify(key)).toString('base64url');
}

/** What PostgreSQL takes for a value of each kind: a cursor comes back from outside, and may have been made there. */
const keyParts = {
  /** int */
  row: (text: string) => /^\d{1,9}$/.test(text),
  /** bigint */
  number: (text: string) => /^\d{1,18}$/.test(text),
  uuid: (text: string) => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(text),
  instant: (text: string) => !Number.isNaN(Date.parse(text)) && new Date(text).toISOString() === text,
  day: (text: string) => /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(Date.parse(text)),
  text: (text: string) => !text.includes('\u0000'),
};

/**
 * @param kinds of the values that the order is by
 * @throws ProblemError INVALID_REQUEST for a cursor that this service did not make
 */
export function readCursor(
  cursor: string | undefined,
  ...kinds: (keyof typeof keyParts)[]
): (string | number)[] | null {
  if (cursor === undefined) return null;
  try {
    const key: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString());
    if (isKey(key, kinds)) return key;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  throw new ProblemError(problems.invalidRequest, {
    errors: [
      {
        pointer: '?after',
        code: 'cursor',
        detail: { vi: 'Con trỏ trang không hợp lệ.', en: 'The page cursor is not valid.' },
      },
    ],
  });
}

function isKey(key: unknown, kinds: (keyof typeof keyParts)[]): key is (string | number)[] {
  return (
    Array.isArray(key) &&
    key.length === kinds.length &&
    key.every((part: unknown, index) => {
      if (typeof part !== 'string' && typeof part !== 'number') return false;
      return keyParts[kinds[index]!](String(part));
    })
  );
}
