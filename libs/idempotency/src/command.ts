import { createHash } from 'node:crypto';
import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { type Actor, requestOf } from '@ansinh/auth';
import { ProblemError } from '@ansinh/problem';
import { idempotencyProblems } from './idempotency.problems.js';

/** What a handler passes on of a request that changes something. */
export interface Command {
  actor: Actor;
  requestId: string;
  /** The client's `Idempotency-Key`; null only where the request is idempotent by nature (PUT). */
  key: string | null;
  /** Digest of method, path and body, of a file that is sent by `withFile`: the same key with another request is refused. */
  digest: string;
}

/** The command bound to the file that came with it, of which nothing was there yet when it was made: the key stands for it too. */
export const withFile = (command: Command, fileDigest: string): Command => ({
  ...command,
  digest: `${command.digest}/${fileDigest}`,
});

const keyForm = /^[\x21-\x7e]{8,128}$/;

/** The command behind the request. `Idempotency-Key` must be given except for PUT. */
export const CurrentCommand = createParamDecorator((_: unknown, context: ExecutionContext): Command => {
  const request = requestOf(context);
  if (!request.actor) throw new Error('CurrentCommand on a route without @Requires');
  if (request.method === 'PUT') {
    return { actor: request.actor, requestId: request.id, key: null, digest: '' };
  }
  const isGraphql = context.getType<string>() === 'graphql';
  const body: unknown = isGraphql ? [context.getHandler().name, context.getArgByIndex(1)] : request.body;
  return {
    actor: request.actor,
    requestId: request.id,
    key: readKey(request.headers['idempotency-key']),
    digest: digestOf(isGraphql ? 'graphql' : `${request.method} ${request.url}`, body),
  };
});

function readKey(header: unknown): string {
  if (header === undefined) throw new ProblemError(idempotencyProblems.keyMissing);
  if (typeof header !== 'string' || !keyForm.test(header))
    throw new ProblemError(idempotencyProblems.keyMalformed);
  return header;
}

function digestOf(target: string, body: unknown): string {
  const content = isStream(body) ? '' : JSON.stringify(body ?? null);
  return createHash('sha256').update(`${target}\n${content}`).digest('hex');
}

function isStream(body: unknown): boolean {
  return typeof (body as { pipe?: unknown } | null)?.pipe === 'function';
}
