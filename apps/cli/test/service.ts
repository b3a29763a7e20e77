import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import type { Batch } from '@ansinh/client';

export interface Asked {
  method: string;
  path: string;
  query: Record<string, string>;
  key: string | undefined;
  authorization: string | undefined;
  language: string | undefined;
  type: string | undefined;
  body: unknown;
}

type Answer = (request: FastifyRequest, reply: FastifyReply) => unknown;

/**
 * A service that plays the REST contract with canned answers, remembers what it was asked, and breaks when told to.
 * The token `expired` is refused before the body is read.
 */
export interface Service {
  url: string;
  asked: Asked[];
  /** Answers `GET /v1/path` and the like; the latest rule for a request wins. */
  on: (request: string, answer: Answer) => void;
  stop: () => Promise<void>;
}

export async function startService(): Promise<Service> {
  const app = fastify({ forceCloseConnections: true, exposeHeadRoutes: false });
  const rules = new Map<string, Answer>();
  const asked: Asked[] = [];
  acceptStreams(app);
  app.addHook('onRequest', async (request, reply) => {
    if (request.headers.authorization !== 'Bearer expired') return;
    await refuse(reply, { status: 401, title: 'The session has expired', code: 'UNAUTHENTICATED' });
  });
  app.all('/v1/*', async (request, reply) => {
    const { pathname } = new URL(request.url, 'http://service');
    const authorization = request.headers.authorization;
    asked.push({
      method: request.method,
      path: pathname.slice('/v1/'.length),
      query: request.query as Record<string, string>,
      key: request.headers['idempotency-key'] as string | undefined,
      authorization,
      language: request.headers['accept-language'],
      type: request.headers['content-type'],
      body: request.body,
    });
    if (!authorization)
      return refuse(reply, { status: 401, title: 'Unauthenticated', code: 'UNAUTHENTICATED' });
    const rule = rules.get(`${request.method} ${pathname}`);
    return rule
      ? rule(request, reply)
      : refuse(reply, { status: 404, title: 'Not found', code: 'NOT_FOUND' });
  });
  const url = await app.listen({ host: '127.0.0.1', port: 0 });
  return {
    url,
    asked,
    on: (request, answer) => void rules.set(request, answer),
    stop: () => app.close(),
  };
}

/** Lists and statements are read to the end and kept as text. */
function acceptStreams(app: FastifyInstance): void {
  app.addContentTypeParser('*', { parseAs: 'string', bodyLimit: 50_000_000 }, (_request, body, done) =>
    done(null, body),
  );
}

export function refuse(
  reply: FastifyReply,
  problem: {
    status: number;
    title: string;
    code: string;
    detail?: string;
    errors?: object[];
    instance?: string;
  },
): FastifyReply {
  return reply
    .status(problem.status)
    .type('application/problem+json')
    .send(JSON.stringify({ type: `urn:ansinh:problem:${problem.code.toLowerCase()}`, ...problem }));
}

/** Cuts the connection without an answer. */
export function drop(reply: FastifyReply): FastifyReply {
  reply.hijack();
  reply.raw.destroy();
  return reply;
}

/** Sends the batches as server-sent events, then ends the stream, or breaks it. */
export function events(reply: FastifyReply, batches: Batch[], end: 'end' | 'break'): FastifyReply {
  reply.hijack();
  reply.raw.writeHead(200, { 'content-type': 'text/event-stream' });
  reply.raw.write(': welcome\n\n');
  for (const one of batches) reply.raw.write(`event: progress\ndata: ${JSON.stringify(one)}\n\n`);
  if (end === 'end') reply.raw.end();
  else setTimeout(() => reply.raw.destroy(), 50);
  return reply;
}

export const batchId = '0199b2c4-7c1a-7000-8000-000000000042';

export function batch(change: Partial<Batch> = {}): Batch {
  const none = { count: 0, amount: '0' };
  return {
    id: batchId,
    code: 'LO-00000042',
    fundId: '0199b2c4-7c1a-7000-8000-000000000001',
    programmeCode: 'QD-08',
    purpose: 'Hỗ trợ thuê nhà',
    period: '2022-03',
    channel: 'iso20022-http',
    officeCode: '27',
    state: 'checked',
    onBlocking: 'stop',
    rows: 1000,
    kept: 1000,
    setAside: 0,
    amount: '1500000000',
    listDigest: 'b'.repeat(64),
    digest: 'a'.repeat(64),
    findings: {},
    requiredApprovals: 1,
    approvals: [],
    createdBy: 'maker',
    createdAt: '2026-11-23T08:00:00+07:00',
    submittedBy: null,
    chunks: { total: 0, pending: 0, sending: 0, accepted: 0, refused: 0, unknown: 0, dead: 0 },
    totals: { approved: none, paid: none, returned: none, refused: none, inFlight: none },
    openExceptions: 0,
    followUpOf: null,
    resultsDueOn: null,
    ...change,
  };
}
