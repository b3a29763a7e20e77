import type { Type } from '@nestjs/common';
import { ArgsType, Directive, Field, Int, ObjectType } from '@nestjs/graphql';
import { IsInt, IsOptional, IsString, Max, MaxLength, Min } from 'class-validator';
import { cursorOf, type Page } from '@ansinh/database';

export const pageSizeMax = 500;

/** `first` and `after` of every connection. */
@ArgsType()
export class PageArgs {
  @Field(() => Int, { defaultValue: 50, description: `At most ${pageSizeMax}` })
  @IsInt()
  @Min(1)
  @Max(pageSizeMax)
  first: number = 50;

  @Field(() => String, { nullable: true, description: 'Cursor of the edge before the page' })
  @IsOptional()
  @IsString()
  @MaxLength(500)
  after?: string | null;
}

@ObjectType()
@Directive('@shareable')
class PageInfo {
  @Field()
  hasNextPage: boolean;

  @Field({ description: 'Pages go forward only: true says no more than that `after` was given' })
  hasPreviousPage: boolean;

  @Field(() => String, { nullable: true })
  startCursor: string | null;

  @Field(() => String, { nullable: true })
  endCursor: string | null;
}

export interface Connection<Node> {
  edges: { cursor: string; node: Node }[];
  pageInfo: PageInfo;
}

/** The Relay connection type of a node type: `BatchConnection` and `BatchEdge` of `Batch`. */
export function connectionType<Node extends object>(name: string, node: Type<Node>): Type<Connection<Node>> {
  @ObjectType(`${name}Edge`)
  class Edge {
    @Field(() => String, { description: 'Opaque; `after` of the page that follows this edge' })
    cursor: string;

    @Field(() => node)
    node: Node;
  }

  @ObjectType(`${name}Connection`)
  class NodeConnection implements Connection<Node> {
    @Field(() => [Edge])
    edges: Edge[];

    @Field(() => PageInfo)
    pageInfo: PageInfo;
  }
  return NodeConnection;
}

/**
 * Makes a connection of a page.
 * @param keyOf the values that the page is ordered by, as the service's own cursors hold them
 */
export function connectionOf<Node>(
  page: Page<Node>,
  keyOf: (node: Node) => readonly (string | number)[],
  after?: string | null,
): Connection<Node> {
  const edges = page.items.map((node) => ({ cursor: cursorOf(keyOf(node)), node }));
  return {
    edges,
    pageInfo: {
      hasNextPage: page.next !== null,
      hasPreviousPage: typeof after === 'string',
      startCursor: edges[0]?.cursor ?? null,
      endCursor: edges.at(-1)?.cursor ?? null,
    },
  };
}

type Given<Args> = { [Key in keyof Args]: Exclude<Args[Key], null> };

/** The page that a service is asked for; GraphQL's null is the same as an argument that is not given. */
export function pageQuery<Args extends PageArgs>({
  first,
  ...rest
}: Args): { limit: number } & Given<Omit<Args, 'first'>> {
  const given = Object.entries(rest).filter(([, value]) => value !== null);
  return { limit: first, ...(Object.fromEntries(given) as Given<Omit<Args, 'first'>>) };
}
