import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { type FastifyInstance, LogController } from 'fastify';
import { ProblemFilter, ProblemValidationPipe } from '@ansinh/problem';
import type { DynamicModule } from '@nestjs/common';
import { isTracing, startTracing } from '@ansinh/telemetry';
import { loadLimits, requestTimeoutMs } from './limits.js';
import { createLogger, maskNumbers, NestLogger } from './logger.js';
import { isForHealth, measureRequests } from './metrics.js';
import { limitRate } from './rate-limit.js';
import { cutOffSlowClients } from './slow-clients.js';
import { ServiceStop } from './stop.js';
import { traceRequests } from './trace-requests.js';

interface ServiceOptions {
  name: string;
  module: Type | DynamicModule;
  /** Content types whose body the handler reads as a stream; their size is the handler's own concern. */
  streamedTypes?: string[];
}

const jsonBodyBytesMax = 1024 * 1024;
const requestIdForm = /^[\w.-]{1,64}$/;

/** A service in its one shape: Fastify, pino, request ids, telemetry, problems by RFC 9457, validation, a graceful stop. */
export async function createService(options: ServiceOptions): Promise<NestFastifyApplication> {
  const logger = createLogger(options.name);
  const limits = loadLimits();
  if (isTracing()) {
    startTracing({ service: options.name, mask: maskNumbers, warn: (message) => logger.warn(message) });
  }
  const adapter = new FastifyAdapter({
    loggerInstance: logger,
    bodyLimit: jsonBodyBytesMax,
    logController: new LogController({ disableRequestLogging: true }),
    genReqId: (request: IncomingMessage) => {
      const given = request.headers['x-request-id'];
      return typeof given === 'string' && requestIdForm.test(given) ? given : randomUUID();
    },
    forceCloseConnections: 'idle',
    // A request that was on its way when the stop began is answered like any other.
    return503OnClosing: false,
    trustProxy: limits.trustedProxies,
    requestTimeout: requestTimeoutMs,
    http: {
      headersTimeout: limits.headersTimeoutMs,
      // How often Node looks for connections that are over their time.
      connectionsCheckingInterval: Math.min(limits.headersTimeoutMs, 5_000),
    },
  });
  const app = await NestFactory.create<NestFastifyApplication>(options.module as Type, adapter, {
    logger: new NestLogger(logger),
    abortOnError: false,
    // Fastify's own parser of JSON is enough; Nest would add one of HTML forms, which other sites may send unasked.
    bodyParser: false,
  });
  const fastify = app.getHttpAdapter().getInstance();
  fastify.removeContentTypeParser('text/plain');
  cutOffSlowClients(fastify, options.streamedTypes ?? [], limits);
  if (isTracing()) traceRequests(fastify);
  measureRequests(fastify);
  closeWhileStopping(fastify, app.get(ServiceStop));
  fastify.addHook('onSend', async (request, reply) => {
    reply.header('x-request-id', request.id);
    // Whatever a file says of itself, it is what we say: a browser makes no page of it.
    reply.header('x-content-type-options', 'nosniff');
  });
  fastify.addHook('onResponse', async (request, reply) => {
    if (isForHealth(request)) return;
    request.log.info(
      { req: request, status: reply.statusCode, ms: Math.round(reply.elapsedTime) },
      'request',
    );
  });
  await limitRate(app, limits.requestsPerMinute);
  app.useGlobalFilters(new ProblemFilter());
  app.useGlobalPipes(new ProblemValidationPipe());
  return app;
}

/**
 * Who is answered during the stop is told to come back by another connection. One whose last answer ends just after the
 * stop began is idle and kept alive, and nobody would close it for over a minute: it is looked for until the last one is
 * gone.
 */
function closeWhileStopping(fastify: FastifyInstance, stop: ServiceStop): void {
  fastify.addHook('onSend', (_request, reply, _payload, done) => {
    if (stop.isDraining) reply.header('connection', 'close');
    done();
  });
  fastify.addHook('preClose', async () => {
    stop.endStreams();
    const look = setInterval(() => fastify.server.closeIdleConnections(), 100);
    fastify.server.once('close', () => clearInterval(look));
    look.unref();
    return Promise.resolve();
  });
}
