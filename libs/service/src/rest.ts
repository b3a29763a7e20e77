import { applyDecorators } from '@nestjs/common';
import { ApiHeader, ApiProperty, ApiResponse } from '@nestjs/swagger';
import { ForOfficials } from '@ansinh/auth';
import { Type } from 'class-transformer';
import { IsInt, IsOptional, IsString, Max, MaxLength, Min } from 'class-validator';

/** A moment by ISO 8601 with its offset: without one it would depend on where the service runs. */
export const instantPattern = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:\d{2})$/;

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

/** The same of a list that is read on and on by a cursor of the reader's own. */
export class FollowQuery {
  @ApiProperty({ required: false, minimum: 1, maximum: 5000, default: 1000 })
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(5000)
  limit: number = 1000;

  @ApiProperty({ required: false, description: '`next` of the page before; from the beginning without it' })
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

/** A route on which a service may act in the name of an official. */
export const BehalfApi = () =>
  applyDecorators(
    ForOfficials(),
    ApiHeader({
      name: 'On-Behalf-Of',
      required: false,
      description:
        'For services (`official:represent`), which must send it with every command: the official in whose name they act, as `<id>; <office>; <name>`, each in percent-encoded UTF-8',
      schema: { type: 'string', example: 'an; 256; Nguy%E1%BB%85n%20Th%E1%BB%8B%20An' },
    }),
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
