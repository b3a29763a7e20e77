import { readFile } from 'node:fs/promises';
import { ApolloGateway, RemoteGraphQLDataSource } from '@apollo/gateway';
import { ApolloServer } from '@apollo/server';
import fastifyApollo from '@as-integrations/fastify';
import fastify from 'fastify';

/**
 * The stock gateway over our supergraph, on the same HTTP framework as ours: what ours is measured against.
 * Arguments: the supergraph's file, the subgraph's address, the port to listen on.
 */
const [file = '', subgraph = '', port = ''] = process.argv.slice(2);
const supergraphSdl = (await readFile(file, 'utf8')).replaceAll(
  /http:\/\/[a-z-]+\.invalid\/graphql/g,
  subgraph,
);

interface Context {
  authorization: string | undefined;
}

class Forwarding extends RemoteGraphQLDataSource<Context> {
  override willSendRequest({
    request,
    context,
  }: Parameters<NonNullable<RemoteGraphQLDataSource<Context>['willSendRequest']>>[0]) {
    const { authorization } = context as Context;
    if (authorization) request.http?.headers.set('authorization', authorization);
  }
}

const server = new ApolloServer<Context>({
  gateway: new ApolloGateway({ supergraphSdl, buildService: ({ url }) => new Forwarding({ url: url! }) }),
});
await server.start();
const app = fastify();
app.get('/health/ready', () => ({ status: 'ok' }));
await app.register(fastifyApollo(server), {
  context: (request) => Promise.resolve({ authorization: request.headers.authorization }),
});
await app.listen({ host: '127.0.0.1', port: Number(port) });
