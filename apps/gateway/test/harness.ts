import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { readFile } from 'node:fs/promises';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { createService } from '@ansinh/service';
import supertest from 'supertest';
import { loadConfig } from '../src/config.js';
import { GatewayModule } from '../src/gateway.module.js';
import { supergraphFile } from '../src/subgraphs.js';

export interface Heard {
  path: string;
  headers: IncomingHttpHeaders;
  body: { query: string; variables?: object };
}

/** A subgraph that says what it is told to say, and remembers what it heard. */
export interface StandIn {
  url: string;
  heard: Heard[];
  answer: (status: number, body: object | string) => void;
  stop: () => Promise<void>;
}

export async function startStandIn(): Promise<StandIn> {
  const heard: Heard[] = [];
  let next: { status: number; body: string } = { status: 200, body: '{"data":{}}' };
  const server = createServer((request, response) => {
    const pieces: Buffer[] = [];
    request.on('data', (piece: Buffer) => pieces.push(piece));
    request.on('end', () => {
      const text = Buffer.concat(pieces).toString();
      const body = (text === '' ? { query: '' } : JSON.parse(text)) as Heard['body'];
      heard.push({ path: request.url ?? '', headers: request.headers, body });
      response.writeHead(next.status, { 'content-type': 'application/json' }).end(next.body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`,
    heard,
    answer: (status, body) => {
      next = { status, body: typeof body === 'string' ? body : JSON.stringify(body) };
    },
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

export interface Gateway {
  app: NestFastifyApplication;
  ask: (query: string, variables?: object, headers?: Record<string, string>) => supertest.Test;
  stop: () => Promise<void>;
}

/** The gateway in this process over the committed supergraph. */
export async function startGateway(
  subgraphUrl: string,
  nodeEnvironment?: string,
  issuerUrl?: string,
  registryUrl = subgraphUrl,
): Promise<Gateway> {
  process.env['LOG_LEVEL'] ??= 'silent';
  const config = loadConfig({
    SUBGRAPH_DISBURSEMENTS_URL: subgraphUrl,
    SUBGRAPH_REGISTRY_URL: registryUrl,
    SUBGRAPH_SOCIAL_PROTECTION_URL: subgraphUrl,
    SUBGRAPH_EMPLOYMENT_LOANS_URL: subgraphUrl,
    SUBGRAPH_TIMEOUT_MS: '2000',
    ...(issuerUrl && { OIDC_ISSUER: issuerUrl }),
  });
  const sdl = await readFile(supergraphFile, 'utf8');
  const before = process.env['NODE_ENV'];
  if (nodeEnvironment !== undefined) process.env['NODE_ENV'] = nodeEnvironment;
  const app = await createService({ name: 'gateway-test', module: GatewayModule.over(sdl, config) });
  await app.listen(0, '127.0.0.1');
  process.env['NODE_ENV'] = before;
  return {
    app,
    ask: (query, variables = {}, headers = {}) =>
      supertest(app.getHttpServer())
        .post('/graphql')
        .set({ authorization: 'Bearer token', 'accept-language': 'en', ...headers })
        .send({ query, variables }),
    stop: () => app.close(),
  };
}
