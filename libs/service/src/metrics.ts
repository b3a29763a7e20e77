import { createServer, type Server } from 'node:http';
import { once } from 'node:events';
import { Logger } from '@nestjs/common';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { collectDefaultMetrics, Histogram, register } from 'prom-client';

const requests = new Histogram({
  name: 'ansinh_http_request_duration_seconds',
  help: 'Requests by the template of their route, from the first header to the last byte of the answer.',
  labelNames: ['method', 'route', 'status'],
  buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300],
});

/** Measures every request but those for the health. */
export function measureRequests(fastify: FastifyInstance): void {
  fastify.addHook('onRequest', (request, reply, done) => {
    if (!isForHealth(request)) {
      whenAnswered(reply, (status) => {
        const labels = { method: request.method, route: routeOf(request), status };
        requests.observe(labels, reply.elapsedTime / 1_000);
      });
    }
    done();
  });
}

/** Also when the client went away: Fastify's own hook does not come then. `aborted` stands for the status in that case. */
export function whenAnswered(reply: FastifyReply, look: (status: string) => void): void {
  reply.raw.once('close', () => look(reply.raw.writableFinished ? String(reply.statusCode) : 'aborted'));
}

/** The template, never the path: that may hold a number of a person, and each one would be a series of its own. */
export function routeOf(request: FastifyRequest): string {
  return request.routeOptions.url ?? 'none';
}

export function isForHealth(request: FastifyRequest): boolean {
  return request.url.startsWith('/health/');
}

/** Serves `/metrics` on a port of its own, which no client of the service can reach. Process figures are among them. */
export async function serveMetrics(host: string, port: number): Promise<Server> {
  const logger = new Logger('metrics');
  collectDefaultMetrics();
  const server = createServer((request, response) => {
    if (request.method !== 'GET' || request.url !== '/metrics') {
      response.writeHead(404).end();
      return;
    }
    register.metrics().then(
      (text) => response.writeHead(200, { 'content-type': register.contentType }).end(text),
      (error: unknown) => {
        logger.error(error, 'metrics cannot be read');
        response.writeHead(500).end();
      },
    );
  });
  server.listen(port, host);
  await once(server, 'listening');
  return server;
}
