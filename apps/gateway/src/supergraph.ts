import { SpanKind } from '@opentelemetry/api';
import { buildHTTPExecutor } from '@graphql-tools/executor-http';
import { getStitchedSchemaFromSupergraphSdl } from '@graphql-tools/federation';
import type { GraphQLSchema } from 'graphql';
import type { AuthenticatedRequest } from '@ansinh/auth';
import { traced, traceHeaders } from '@ansinh/telemetry';
import type { Config } from './config.js';

/**
 * What a subgraph has to know of the caller: who it is, which command this is or what numbers of people are read for, its
 * language, and the trace that the work belongs to. Nothing else passes; a cookie, for one, is the gateway's own affair.
 */
const forwarded = [
  'authorization',
  'idempotency-key',
  'access-purpose',
  'accept-language',
  'traceparent',
  'tracestate',
];

/** The supergraph as a schema that runs: each field is asked of the subgraph that has it. */
export function executableSchema(supergraphSdl: string, { urls, subgraphTimeoutMs }: Config): GraphQLSchema {
  return getStitchedSchemaFromSupergraphSdl({
    supergraphSdl,
    onSubschemaConfig: (subschema) => {
      const endpoint = urls[nameOf(subschema.name)];
      if (!endpoint) throw new Error(`no address is set for the subgraph ${subschema.name}`);
      const execute = buildHTTPExecutor({
        endpoint,
        timeout: subgraphTimeoutMs,
        headers: (request) => headersFor((request?.context as { req: AuthenticatedRequest }).req),
        // Two callers never share an answer.
        deduplicateInflightRequests: false,
      });
      const options = { kind: SpanKind.CLIENT, attributes: { 'ansinh.subgraph': subschema.name } };
      subschema.executor = (request) => traced('subgraph', options, async () => execute(request));
    },
  });
}

function headersFor(request: AuthenticatedRequest): Record<string, string> {
  const headers: Record<string, string> = { 'x-request-id': request.id };
  for (const name of forwarded) {
    const value = request.headers[name];
    if (typeof value === 'string') headers[name] = value;
  }
  // Where this service is traced itself, the subgraph goes on from here, not from the caller.
  return Object.assign(headers, traceHeaders());
}

/** Composition writes the name of a subgraph as an enum value: `social-protection` is `SOCIAL_PROTECTION` there. */
const nameOf = (value: string): string => value.toLowerCase().replaceAll('_', '-');
