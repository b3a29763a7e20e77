import rateLimit from '@fastify/rate-limit';
import { ModulesContainer } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyRequest } from 'fastify';
import { type AuthenticatedRequest, TokenVerifier } from '@ansinh/auth';
import { problems, ProblemError, tryAgainIn } from '@ansinh/problem';

const minuteMs = 60_000;
/** Clients that are remembered at once; the one that was silent for longest is forgotten first. */
const clientsMax = 20_000;

/**
 * Counts the requests of each client: of the subject of its token where that is valid, else of its address, so that
 * nobody gets a counter of his own by inventing tokens. Counters live in the process: a request depends on nothing that
 * may be away, and so many processes allow so many times as much.
 */
export async function limitRate(app: NestFastifyApplication, requestsPerMinute: number): Promise<void> {
  const verifier = verifierOf(app);
  await app.register(rateLimit as never, {
    max: requestsPerMinute,
    timeWindow: minuteMs,
    cache: clientsMax,
    keyGenerator: async (request: FastifyRequest) =>
      (await subjectOf(request, verifier)) ?? rateLimit.normalizeIP(request.ip),
    // Whether a process lives must be told also under load.
    allowList: (request: FastifyRequest) => request.url.startsWith('/health/'),
    errorResponseBuilder: (_request: FastifyRequest, { ttl }: { ttl: number }) =>
      new ProblemError(problems.tooManyRequests, tryAgainIn(Math.ceil(ttl / 1_000))),
  });
}

/** The guard finds the verified caller in the request, so a token is verified once. */
async function subjectOf(
  request: AuthenticatedRequest,
  verifier: TokenVerifier | null,
): Promise<string | null> {
  const token = /^Bearer (\S+)$/i.exec(request.headers.authorization ?? '')?.[1];
  if (!verifier || !token) return null;
  try {
    request.actor = await verifier.verify(token);
    return `sub ${request.actor.id}`;
  } catch (error) {
    // Refused by the guard, in its own words; until then it is one of the many at this address.
    if (error instanceof ProblemError) return null;
    throw error;
  }
}

/** A service without callers of its own, as the bank simulator is, has none. */
function verifierOf(app: NestFastifyApplication): TokenVerifier | null {
  for (const { providers } of app.get(ModulesContainer).values()) {
    const verifier: unknown = providers.get(TokenVerifier)?.instance;
    if (verifier instanceof TokenVerifier) return verifier;
  }
  return null;
}
