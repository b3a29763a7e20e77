import { ApolloServerPluginInlineTraceDisabled } from '@apollo/server/plugin/disabled';
import type { ApolloDriverConfig, ApolloFederationDriverConfig } from '@nestjs/apollo';
import { Logger } from '@nestjs/common';
import type { GraphQLSchema } from 'graphql';
import type { AuthenticatedRequest } from '@ansinh/auth';
import { problems, ProblemError } from '@ansinh/problem';
import { formatGraphqlError, type GraphqlContext, problemPlugin, requestError } from './errors.js';
import { gatewayLimits, limitsPlugin, type QueryLimits, subgraphLimits, tooLong } from './limits.js';
import { noSchemaText } from './no-schema-text.js';
import { scalars } from './scalars.js';

/** Pinned: a newer library must not change every schema. */
const federationSpec = 'https://specs.apollo.dev/federation/v2.9';

/** A service's part of the graph, code first, at `/graphql`. Guards hold for fields as they do for queries. */
export function subgraphOptions(): Omit<ApolloFederationDriverConfig, 'driver'> {
  return {
    ...serverOptions(subgraphLimits),
    autoSchemaFile: {
      federation: { version: 2, importUrl: federationSpec, directives: ['@key', '@shareable'] },
    },
    resolvers: scalars,
    // A service need not use all of them.
    resolverValidationOptions: { requireResolversToMatchSchema: 'ignore' },
    fieldResolverEnhancers: ['guards'],
  };
}

/** The whole graph over an executable schema, at `/graphql`. */
export function gatewayOptions(schema: GraphQLSchema): Omit<ApolloDriverConfig, 'driver'> {
  return { ...serverOptions(gatewayLimits), schema };
}

/** In production (`NODE_ENV`) nobody reads the schema from the server, and there is no page to try it. */
function serverOptions(limits: QueryLimits): Omit<ApolloDriverConfig, 'driver'> {
  const isProduction = process.env['NODE_ENV'] === 'production';
  return {
    path: '/graphql',
    context: (req: AuthenticatedRequest) => admit(req, limits),
    // Traces inside answers would tell any caller how long each field took.
    plugins: [limitsPlugin(limits), problemPlugin(), ApolloServerPluginInlineTraceDisabled()],
    formatError: formatGraphqlError,
    autoTransformHttpErrors: false,
    includeStacktraceInErrorResponses: false,
    parseOptions: { maxTokens: limits.tokens },
    validationRules: isProduction ? [noSchemaText] : [],
    introspection: !isProduction,
    graphiql: !isProduction,
    csrfPrevention: true,
    logger: apolloLogger(),
  };
}

/** A request without a token cannot succeed anywhere: its query is not even read, and neither is one like a book. */
function admit(req: AuthenticatedRequest, limits: QueryLimits): GraphqlContext {
  if (!req.headers.authorization) throw requestError(new ProblemError(problems.unauthenticated), req);
  const refusal = tooLong(req.body, limits);
  if (refusal) throw requestError(refusal, req);
  return { req };
}

function apolloLogger(): NonNullable<ApolloDriverConfig['logger']> {
  const logger = new Logger('apollo');
  return {
    debug: (message: unknown) => logger.debug(message),
    info: (message: unknown) => logger.log(message),
    warn: (message: unknown) => logger.warn(message),
    error: (message: unknown) => logger.error(message),
  };
}
