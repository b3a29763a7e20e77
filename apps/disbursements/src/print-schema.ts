import { printSubgraphSchema } from '@apollo/subgraph';
import { GraphQLSchemaHost } from '@nestjs/graphql';
import { previewApi } from './preview.js';

/** Prints the SDL of the subgraph: the committed `schema.graphql` must be exactly this, and the supergraph is made of it. */
const app = await previewApi();
await app.init();
const { schema } = app.get(GraphQLSchemaHost, { strict: false });
process.stdout.write(`${printSubgraphSchema(schema)}\n`);
