import { Readable } from 'node:stream';
import { applyDecorators, StreamableFile } from '@nestjs/common';
import { ApiHeader, ApiProperty, ApiResponse } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsInt, IsOptional, IsString, Max, MaxLength, Min } from 'class-validator';
import type { FastifyRequest } from 'fastify';
import { problems, ProblemError } from '@ansinh/problem';

/** Whole đồng above zero, as JSON carries them. */
export const vndPattern = /^[1-9]\d{0,14}$/;

/** A moment by ISO 8601 with its offset: without one it would depend on where the service runs. */
export const instantPattern = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:\d{2})$/;

/** Codes that offices give to programmes: letters of any alphabet, digits, and a few marks within. */
export const programmeCodePattern = /^[\p{L}\p{N}][\p{L}\p{N} ._/-]{0,39}$/u;

/** `?limit=&after=` of every list. */
export class PageQuery {
  @ApiProperty({ required: false, minimum: 1, maximum: 500, default: 50 })
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(500)
  limit: number = 50;

  @ApiProperty({ required: false, description: '`next` of the page before' })
  @IsOptional()
  @IsString()
  @MaxLength(500)
  after?: string;
}

/** Documents what every command shares: the key that makes a repetition harmless, and the shape of a refusal. */
export const CommandApi = () =>
  applyDecorators(
    ApiHeader({
      name: 'Idempotency-Key',
      required: true,
      description: 'Chosen by the client, 8–128 characters; the same key again gives the first answer',
    }),
    ProblemApi(),
  );

export const ProblemApi = () =>
  applyDecorators(
    ...[400, 401, 403, 404, 409, 422].map((status) =>
      ApiResponse({
        status,
        description: 'Problem (RFC 9457); `code` says which',
        content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
      }),
    ),
  );

class ProblemFieldError {
  @ApiProperty({ description: 'JSON pointer into the body, `?name` for a query parameter' })
  pointer: string;

  @ApiProperty()
  code: string;

  @ApiProperty()
  detail: string;
}

/** The body of every refusal. */
export class Problem {
  @ApiProperty({ example: 'urn:ansinh:problem:batch-not-found' })
  type: string;

  @ApiProperty({ example: 'BATCH_NOT_FOUND' })
  code: string;

  @ApiProperty()
  title: string;

  @ApiProperty()
  status: number;

  @ApiProperty({ required: false })
  detail?: string;

  @ApiProperty({ required: false })
  instance?: string;

  @ApiProperty({ required: false, type: [ProblemFieldError] })
  errors?: ProblemFieldError[];
}

/** Content types that the service reads as a stream. */
export const streamedTypes = {
  csv: 'text/csv',
  ndjson: 'application/x-ndjson',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  xml: 'application/xml',
  mt940: 'application/x-mt940',
} as const;

/** The request's body as it arrives. @throws ProblemError UNSUPPORTED_MEDIA_TYPE for a body that was not streamed */
export function streamOf(request: FastifyRequest): AsyncIterable<Uint8Array> {
  const body = request.body as AsyncIterable<Uint8Array> | undefined;
  if (!body || typeof body[Symbol.asyncIterator] !== 'function') {
    throw new ProblemError(problems.unsupportedMediaType, {
      detail: {
        vi: `Nội dung phải là một trong: ${Object.values(streamedTypes).join(', ')}.`,
        en: `The content must be one of: ${Object.values(streamedTypes).join(', ')}.`,
      },
    });
  }
  return body;
}

/** JSON objects as lines, some hundred to a piece: one write a line would cost more than making it. */
export async function* jsonLines(rows: AsyncIterable<object>): AsyncGenerator<string> {
  let lines: string[] = [];
  for await (const row of rows) {
    lines.push(`${JSON.stringify(row)}\n`);
    if (lines.length < 500) continue;
    yield lines.join('');
    lines = [];
  }
  yield lines.join('');
}

/**
 * A body that is streamed. Its first piece is made before anything is sent, so that a refusal still answers as a problem;
 * a failure after that cuts the connection.
 */
export async function streamed(
  type: string,
  pieces: AsyncGenerator<string | Uint8Array>,
): Promise<StreamableFile> {
  const first = await pieces.next();
  async function* all(): AsyncGenerator<string | Uint8Array> {
    if (!first.done) yield first.value;
    yield* pieces;
  }
  return new StreamableFile(Readable.from(all(), { objectMode: false }), { type });
}
