import {
  type Context,
  context,
  propagation,
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  trace,
} from '@opentelemetry/api';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { isForHealth, routeOf, whenAnswered } from './metrics.js';

/** Every request is a span: of the trace that its headers name, or the first of a new one. */
export function traceRequests(fastify: FastifyInstance): void {
  const contexts = new WeakMap<FastifyRequest, Context>();
  fastify.addHook('onRequest', (request, reply, done) => {
    if (isForHealth(request)) return done();
    const caller = propagation.extract(ROOT_CONTEXT, request.headers);
    const span = trace.getTracer('ansinh').startSpan(
      request.method,
      {
        kind: SpanKind.SERVER,
        attributes: { 'http.request.method': request.method, 'ansinh.request.id': request.id },
      },
      caller,
    );
    const own = trace.setSpan(caller, span);
    contexts.set(request, own);
    whenAnswered(reply, (status) => {
      const route = routeOf(request);
      span.updateName(`${request.method} ${route}`);
      span.setAttribute('http.route', route);
      if (status === 'aborted') span.setAttribute('error.type', status);
      else span.setAttribute('http.response.status_code', Number(status));
      if (status === 'aborted' || status.startsWith('5')) span.setStatus({ code: SpanStatusCode.ERROR });
      span.end();
    });
    context.with(own, done);
  });
  // Events of a body that arrives belong to the connection: behind them the request's own context is entered anew.
  fastify.addHook('preValidation', (request, _reply, done) => {
    context.with(contexts.get(request) ?? context.active(), done);
  });
}
