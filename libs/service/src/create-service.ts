import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { type FastifyInstance, LogController } from 'fastify';
import { ProblemFilter, ProblemValidationPipe } from '@ansinh/problem';
import type { DynamicModule } from '@nestjs/common';
import { loadLimits, requestTimeoutMs } from './limits.js';
import { createLogger, NestLogger } from './logger.js';
import { limitRate } from './rate-limit.js';
import { cutOffSlowClients } from './slow-clients.js';

interface ServiceOptions {
  name: string;
  module: Type | DynamicModule;
  /** Content types whose body the handler reads as a stream; their size is the handler's own concern. */
  streamedTypes?: string[];
}

const jsonBodyBytesMax = 1024 * 1024;
const requestIdForm = /^[\w.-]{1,64}$/;

/** A service in its one shape: Fastify, pino, request ids, problems by RFC 9457, validation, a graceful stop. */
export async function createService(options: ServiceOptions): Promise<NestFastifyApplication> {
  const logger = createLogger(options.name);
  const limits = loadLimits();
  const adapter = new FastifyAdapter({
    loggerInstance: logger,
    bodyLimit: jsonBodyBytesMax,
    logController: new LogController({ disableRequestLogging: true }),
    genReqId: (request: IncomingMessage) => {
      const given = request.headers['x-request-id'];
      return typeof given === 'string' && requestIdForm.test(given) ? given : randomUUID();
    },
    forceCloseConnections: 'idle',
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
  closeIdleWhileStopping(fastify);
  fastify.addHook('onSend', async (request, reply) => {
    reply.header('x-request-id', request.id);
  });
  fastify.addHook('onResponse', async (request, reply) => {
    if (request.url.startsWith('/health/')) return;
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
 * A connection whose last answer ends just after the stop began is idle and kept alive: nobody would close it for over a
 * minute. It is looked for until the last one is gone.
 */
function closeIdleWhileStopping(fastify: FastifyInstance): void {
  fastify.addHook('preClose', async () => {
    const look = setInterval(() => fastify.server.closeIdleConnections(), 100);
    fastify.server.once('close', () => clearInterval(look));
    look.unref();
    return Promise.resolve();
  });
}

/**
 * Listens, and stops in order on SIGTERM or SIGINT: no new requests, running ones end, then modules close.
 * Ends the process with a plain sentence when the port is taken.
 */
export async function listen(app: NestFastifyApplication, host: string, port: number): Promise<void> {
  app.enableShutdownHooks();
  try {
    await app.listen(port, host);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
    process.stderr.write(`Cổng ${port} đang được dùng / port ${port} is in use. Set PORT to another.\n`);
    await app.close();
    process.exitCode = 1;
  }
}
