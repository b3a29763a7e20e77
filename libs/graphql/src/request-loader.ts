import DataLoader from 'dataloader';
import type { Actor, AuthenticatedRequest } from '@ansinh/auth';
import type { Page } from '@ansinh/database';

/**
 * Look-ups of one request, joined into one query. A loader lives as long as its request, so that nothing is remembered
 * for the next caller, who may see less.
 */
export class RequestLoader<Key, Value> {
  private readonly loaders = new WeakMap<AuthenticatedRequest, DataLoader<Key, Value | null, string>>();

  /** @param load one set-based query; a key that it leaves out, or that the actor may not see, is null to the caller */
  constructor(
    private readonly load: (keys: readonly Key[], actor: Actor) => Promise<Map<string, Value>>,
    private readonly nameOf: (key: Key) => string = String,
  ) {}

  /** @throws Error where no guard has seen the request */
  of(request: AuthenticatedRequest): DataLoader<Key, Value | null, string> {
    const known = this.loaders.get(request);
    if (known) return known;
    const { actor } = request;
    if (!actor) throw new Error('a loader was asked before the guard');
    const loader = new DataLoader<Key, Value | null, string>(
      async (keys) => {
        const values = await this.load(keys, actor);
        return keys.map((key) => values.get(this.nameOf(key)) ?? null);
      },
      { cacheKeyFn: this.nameOf },
    );
    this.loaders.set(request, loader);
    return loader;
  }
}

interface ChildrenKey<Query> {
  parentId: string;
  query: Query;
}

/** Children of many parents, e.g. the findings of each batch of a page: one query for all parents asked alike. */
export class ChildrenLoader<Query, Value> extends RequestLoader<ChildrenKey<Query>, Value> {
  /** @param load values by parent id, of the parents that the actor may see */
  constructor(load: (parentIds: string[], query: Query, actor: Actor) => Promise<Map<string, Value>>) {
    const nameOf = ({ parentId, query }: ChildrenKey<Query>) => `${parentId} ${JSON.stringify(query)}`;
    super(async (keys, actor) => {
      const values = new Map<string, Value>();
      for (const alike of Map.groupBy(keys, ({ query }) => JSON.stringify(query)).values()) {
        const { query } = alike[0]!;
        const found = await load(
          alike.map(({ parentId }) => parentId),
          query,
          actor,
        );
        for (const [parentId, value] of found) values.set(nameOf({ parentId, query }), value);
      }
      return values;
    }, nameOf);
  }
}

export type PageLoader<Query, Node> = ChildrenLoader<Query, Page<Node>>;
