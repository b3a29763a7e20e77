import {
  applyDecorators,
  type CallHandler,
  createParamDecorator,
  type ExecutionContext,
  type NestInterceptor,
  UseInterceptors,
} from '@nestjs/common';
import { ApiHeader, ApiResponse } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { map, type Observable } from 'rxjs';
import { problems, ProblemError } from '@ansinh/problem';

/** Answers of a record that is edited carry its version as `ETag`. */
class EntityTag implements NestInterceptor<{ version: number }> {
  intercept(
    context: ExecutionContext,
    next: CallHandler<{ version: number }>,
  ): Observable<{ version: number }> {
    const reply = context.switchToHttp().getResponse<FastifyReply>();
    return next.handle().pipe(
      map((record) => {
        reply.header('etag', `"${record.version}"`);
        return record;
      }),
    );
  }
}

/** The answer is a record with a `version`, and says it as `ETag`. */
export const Tagged = () => applyDecorators(UseInterceptors(EntityTag));

/** Documents `If-Match`. */
export const IfMatchApi = () =>
  applyDecorators(
    ApiHeader({ name: 'If-Match', required: true, description: '`ETag` of the version that is changed' }),
    ...[412, 428].map((status) =>
      ApiResponse({
        status,
        description: 'Problem (RFC 9457); `code` says which',
        content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
      }),
    ),
  );

/** The version that the caller has read. @throws ProblemError PRECONDITION_REQUIRED, PRECONDITION_FAILED */
export const IfMatch = createParamDecorator((_: unknown, context: ExecutionContext): number => {
  const header = context.switchToHttp().getRequest<FastifyRequest>().headers['if-match'];
  if (header === undefined) throw new ProblemError(problems.preconditionRequired);
  const version = /^"(\d{1,9})"$/.exec(header)?.[1];
  if (version === undefined) throw new ProblemError(problems.preconditionFailed);
  return Number(version);
});
