import { Readable } from 'node:stream';
import { StreamableFile } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { problems, ProblemError } from '@ansinh/problem';

/**
 * The request's body as it arrives.
 * @param accepted content types that the service reads as a stream
 * @throws ProblemError UNSUPPORTED_MEDIA_TYPE for a body that was not streamed
 */
export function streamOf(
  request: FastifyRequest,
  accepted: Readonly<Record<string, string>>,
): AsyncIterable<Uint8Array> {
  const body = request.body as AsyncIterable<Uint8Array> | undefined;
  if (!body || typeof body[Symbol.asyncIterator] !== 'function') {
    const types = Object.values(accepted).join(', ');
    throw new ProblemError(problems.unsupportedMediaType, {
      detail: {
        vi: `Nội dung phải là một trong: ${types}.`,
        en: `The content must be one of: ${types}.`,
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
  let isFirst = true;
  // Told to return also where the caller left before anything was asked of it: pieces may hold a file, or a connection.
  const rest: AsyncIterator<string | Uint8Array> = {
    next: () => {
      if (!isFirst) return pieces.next();
      isFirst = false;
      return Promise.resolve(first);
    },
    return: () => pieces.return(undefined),
  };
  const all = { [Symbol.asyncIterator]: () => rest };
  return new StreamableFile(Readable.from(all, { objectMode: false }), { type });
}
