import { pipeline, Transform } from 'node:stream';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { problems, ProblemError } from '@ansinh/problem';
import { type ServiceLimits, uploadBytesMin } from './limits.js';

/**
 * Cuts off whoever keeps a connection busy by sending almost nothing. Node watches over the headers; JSON bodies have a
 * time, and uploads, which may be long, a least speed.
 */
export function cutOffSlowClients(
  fastify: FastifyInstance,
  streamedTypes: readonly string[],
  { bodyTimeoutMs, uploadWindowMs }: ServiceLimits,
): void {
  fastify.addHook('onRequest', (request, _reply, done) => {
    const type = (request.headers['content-type'] ?? '').split(';', 1)[0]!.trim().toLowerCase();
    if (hasBody(request) && !streamedTypes.includes(type)) limitBody(request, bodyTimeoutMs);
    done();
  });
  // Who is told so gets no more time to go on.
  fastify.addHook('onSend', (_request, reply, _payload, done) => {
    if (reply.statusCode === problems.requestTimeout.status) reply.header('connection', 'close');
    done();
  });
  for (const type of streamedTypes) {
    fastify.addContentTypeParser(type, (_request, payload, done) =>
      done(null, keptMoving(payload, uploadWindowMs)),
    );
  }
}

function hasBody({ headers }: FastifyRequest): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;
}

function limitBody(request: FastifyRequest, timeoutMs: number): void {
  const timer = setTimeout(() => {
    request.log.warn({ req: request }, 'cut off: the body did not arrive in time');
    request.raw.destroy();
  }, timeoutMs).unref();
  const clear = () => clearTimeout(timer);
  request.raw.once('end', clear).once('close', clear);
}

/** The upload, ended by REQUEST_TIMEOUT when it brings less than `uploadBytesMin` in a window. */
function keptMoving(upload: NodeJS.ReadableStream, windowMs: number): Transform {
  let bytes = 0;
  const watched = new Transform({
    transform(piece: Uint8Array, _encoding, done) {
      bytes += piece.length;
      done(null, piece);
    },
  });
  const look = setInterval(() => {
    // What waits for our own disk is no fault of the client.
    if (bytes < uploadBytesMin && !watched.writableNeedDrain) {
      watched.destroy(new ProblemError(problems.requestTimeout));
    }
    bytes = 0;
  }, windowMs).unref();
  const stop = () => clearInterval(look);
  upload.once('end', stop);
  watched.once('close', stop);
  // An error shows at the end that is read.
  pipeline(upload, watched, stop);
  return watched;
}
