import type { ApolloServerPlugin } from '@apollo/server';
import { ApolloServerErrorCode } from '@apollo/server/errors';
import { Logger } from '@nestjs/common';
import { GraphQLError, type GraphQLFormattedError } from 'graphql';
import type { AuthenticatedRequest } from '@ansinh/auth';
import { maskNumbersIn } from '@ansinh/identity';
import { languageOf } from '@ansinh/language';
import { type ProblemBody, problems, ProblemError, toProblem } from '@ansinh/problem';

/** Apollo's context: the Fastify request, where guards and parameter decorators look for it. */
export interface GraphqlContext {
  req: AuthenticatedRequest;
}

/** Refusals of the request itself. Their messages speak of the caller's own words only, and are shown. */
const requestErrors = new Set<unknown>([
  ...Object.values(ApolloServerErrorCode).filter(
    (code) => code !== ApolloServerErrorCode.INTERNAL_SERVER_ERROR,
  ),
]);

/** The executor's own codes for a subgraph that did not answer, or not in GraphQL. */
const subgraphErrors = new Set<unknown>(['SUBREQUEST_HTTP_ERROR', 'RESPONSE_VALIDATION_FAILED']);

const suggestion = / Did you mean .*$/s;

/** A problem as a GraphQL error that ends the request with the problem's HTTP status. */
export function requestError(problem: ProblemError, request: AuthenticatedRequest): GraphQLError {
  const body = bodyFor(problem, request);
  return new GraphQLError(body.title, {
    originalError: problem,
    extensions: { problem: body, http: { status: body.status } },
  });
}

/**
 * Writes the problem of each error (RFC 9457) in the caller's language. A problem that a subgraph wrote stays as it is;
 * an error that nobody wrote for callers is logged, and says nothing of itself.
 */
export function problemPlugin(): ApolloServerPlugin<GraphqlContext> {
  const logger = new Logger('graphql');
  return {
    requestDidStart: async () => ({
      didEncounterErrors: async ({ errors, contextValue: { req } }) => {
        for (const error of errors) {
          if (error.extensions['problem']) continue;
          const problem = problemOf(error, error.extensions['code']);
          if (problem.definition.status >= 500)
            logger.error({ err: error.originalError ?? error, requestId: req.id });
          error.extensions['problem'] = bodyFor(problem, req);
        }
      },
    }),
  };
}

/** The one shape of an error: message, place, `code` to branch on and the whole problem. Nothing else passes. */
export function formatGraphqlError(formatted: GraphQLFormattedError, error: unknown): GraphQLFormattedError {
  const { message, locations, path, extensions } = formatted;
  const problem =
    (extensions?.['problem'] as ProblemBody | undefined) ?? problemOf(error, extensions?.['code']).body('vi');
  const isRequestError = requestErrors.has(extensions?.['code']);
  return {
    message: isRequestError ? shownMessage(message) : problem.title,
    ...(locations && { locations }),
    ...(path && { path }),
    extensions: { code: isRequestError ? extensions?.['code'] : problem.code, problem },
  };
}

function problemOf(error: unknown, code: unknown): ProblemError {
  if (subgraphErrors.has(code)) return new ProblemError(problems.unavailable);
  const original = error instanceof GraphQLError ? (error.originalError ?? error) : error;
  if (!requestErrors.has(code) || original instanceof ProblemError) return toProblem(original);
  const message = shownMessage(error instanceof Error ? error.message : String(error));
  return new ProblemError(problems.invalidRequest, { detail: { vi: message, en: message } });
}

function bodyFor(problem: ProblemError, request: AuthenticatedRequest): ProblemBody {
  return problem.body(languageOf(request.headers['accept-language']), request.id);
}

/**
 * GraphQL helps a mistyped name by near ones, a map of the schema for whoever may not read it; and it repeats values,
 * which may be numbers of people.
 */
function shownMessage(message: string): string {
  return maskNumbersIn(message.replace(suggestion, ''));
}
