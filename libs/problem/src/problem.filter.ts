import { type ArgumentsHost, Catch, type ExceptionFilter, HttpException, Logger } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { languageOf } from '@ansinh/language';
import { problems } from './common-problems.js';
import { ProblemError, type ProblemOptions, tryAgainIn } from './problem.js';

const byStatus = new Map(Object.values(problems).map((definition) => [definition.status, definition]));

/** Turns whatever was thrown into the one problem that the caller sees. Unknown errors say nothing about themselves. */
export function toProblem(error: unknown): ProblemError {
  if (error instanceof ProblemError) return error;
  const status = error instanceof HttpException ? error.getStatus() : statusOf(error);
  const definition = status === undefined ? undefined : byStatus.get(status);
  if (definition && status !== 500) return new ProblemError(definition, waitOf(error));
  if (status !== undefined && status >= 400 && status < 500) return new ProblemError(problems.invalidRequest);
  return new ProblemError(problems.unexpected, {
    detail: {
      vi: 'Yêu cầu chưa được thực hiện; hãy thử lại. Nếu vẫn lỗi, báo quản trị kèm mã yêu cầu.',
      en: 'The request was not carried out; try again. If it fails again, give the administrator the request id.',
    },
  });
}

/** Fastify's own refusals (a body over the limit, broken JSON) carry the status on the error. */
function statusOf(error: unknown): number | undefined {
  const status = (error as { statusCode?: unknown } | null)?.statusCode;
  return typeof status === 'number' ? status : undefined;
}

/** Who is to come again says when. */
function waitOf(error: unknown): ProblemOptions {
  const seconds = (error as { retryAfterSeconds?: unknown } | null)?.retryAfterSeconds;
  return typeof seconds === 'number' ? tryAgainIn(seconds) : {};
}

@Catch()
export class ProblemFilter implements ExceptionFilter {
  private readonly logger = new Logger('problem');

  catch(error: unknown, host: ArgumentsHost): void {
    // GraphQL errors are shaped by `formatGraphqlError`: there is no reply of its own to write to.
    if (host.getType<string>() === 'graphql') throw error;
    const request = host.switchToHttp().getRequest<FastifyRequest>();
    const reply = host.switchToHttp().getResponse<FastifyReply>();
    const problem = toProblem(error);
    // 503 says that something else is away, and says it at every look: only a defect of ours is an error.
    if (problem.definition.status === 500) this.logger.error(error);
    if (reply.raw.headersSent) {
      // A stream broke in the middle: cutting the connection is the only honest sign left.
      reply.raw.destroy();
      return;
    }
    const language = languageOf(request.headers['accept-language']);
    const retryAfter = problem.options.extensions?.['retryAfter'];
    if (retryAfter !== undefined) void reply.header('retry-after', String(retryAfter));
    void reply
      .status(problem.definition.status)
      .header('content-type', 'application/problem+json; charset=utf-8')
      .header('content-language', language)
      .send(JSON.stringify(problem.body(language, request.id)));
  }
}
