import { type Page, pageOf } from '@ansinh/database';

/** What a page of a parent's children is asked by: the same as of the whole list. */
export type PageOf<Query extends { limit: number; after?: string }> = Pick<Query, 'limit' | 'after'> &
  Partial<Query>;

interface Found<Child> {
  parentId: string;
  /** Undefined stands for a parent without children: it has a page, an empty one. */
  child: Child | undefined;
}

/** Splits rows of `parent LEFT JOIN LATERAL (… LIMIT limit + 1)` into one page a parent. */
export function pagesByParent<Child>(
  found: Found<Child>[],
  limit: number,
  keyOf: (child: Child) => readonly (string | number)[],
): Map<string, Page<Child>> {
  const ofParent = Map.groupBy(found, ({ parentId }) => parentId);
  return new Map(
    [...ofParent].map(([parentId, rows]) => [
      parentId,
      pageOf(
        rows.flatMap(({ child }) => child ?? []),
        limit,
        keyOf,
      ),
    ]),
  );
}
