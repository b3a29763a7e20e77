import { printSubgraphSchema } from '@apollo/subgraph';
import type { INestApplication } from '@nestjs/common';
import { GraphQLSchemaHost } from '@nestjs/graphql';

/** The SDL of a service's part of the graph, as it is committed. */
export async function printSubgraph(app: INestApplication): Promise<string> {
  await app.init();
  const { schema } = app.get(GraphQLSchemaHost, { strict: false });
  return `${printSubgraphSchema(schema)}\n`;
}
