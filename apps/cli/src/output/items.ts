import type { Context } from '../context.js';

/** Prints up to `limit` items (all of them without one) as a table, or as `{"items": […], "more": bool}`. */
export async function printItems<T>(
  context: Context,
  items: AsyncIterable<T> | Iterable<T>,
  limit: number | undefined,
  render: (items: T[]) => string,
): Promise<void> {
  const shown: T[] = [];
  let more = false;
  for await (const one of items) {
    more = limit !== undefined && shown.length >= limit;
    if (more) break;
    shown.push(one);
  }
  const { noneFound, more: moreText } = context.text.general;
  context.print({ items: shown, more }, shown.length > 0 ? render(shown) : noneFound);
  if (more && limit !== undefined) context.note(moreText(limit));
}
