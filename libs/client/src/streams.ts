import type { Page, PageQuery } from './shapes.js';

/** Every item of a keyset list, page after page: `everyItem((page) => client.batches.list({ state, ...page }))`. */
export async function* everyItem<T>(
  list: (page: PageQuery) => Promise<Page<T>>,
  limit = 200,
): AsyncGenerator<T, void, undefined> {
  let after: string | undefined;
  do {
    const page: Page<T> = await list({ limit, after });
    yield* page.items;
    after = page.next ?? undefined;
  } while (after !== undefined);
}

const lineLengthMax = 1_048_576;

/** The objects of an NDJSON body, one by one; memory holds one line, of at most a mebibyte of characters. */
export async function* parseNdjson<T>(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<T, void, undefined> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const chunk of chunks) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n');
    rest = lines.pop() ?? '';
    if (rest.length > lineLengthMax) throw new Error(`an NDJSON line is longer than ${lineLengthMax}`);
    for (const line of lines) if (line.trim()) yield JSON.parse(line) as T;
  }
  rest += decoder.decode();
  if (rest.trim()) yield JSON.parse(rest) as T;
}
