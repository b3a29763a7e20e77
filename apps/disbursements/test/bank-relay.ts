import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';

/** A message on its way from a worker to the bank. */
interface Delivery {
  messageId: string;
  /** Which delivery of its batch it is, from 1. */
  nth: number;
}

/** What the worker hears of a delivery: the bank's answer, nothing at all, or 503, "the bank took nothing". */
type Fate = 'answer' | 'lose' | 'refuse';

/** Decides over a delivery; `pass` hands it on to the bank, now or never. */
type DeliveryHook = (delivery: Delivery, pass: () => Promise<void>) => Promise<Fate>;

interface Passage {
  kind: 'delivered' | 'asked';
  messageId: string;
  /** The status code that the worker was given; null while it has none, and for ever where it was lost. */
  status: number | null;
}

interface BankReply {
  status: number;
  type: string;
  body: Buffer;
}

/** Before the last. */
const documentPieces = 5;

const always: DeliveryHook = async (_delivery, pass) => {
  await pass();
  return 'answer';
};

/** By these a bank says that it has taken nothing: the message may be sent again without asking. */
const nothingTaken = new Set([401, 403, 413, 429, 503]);

/**
 * Stands between the workers and the bank as the network does. It notes each delivery and each question in their order,
 * and a test may hold, lose or refuse a delivery at the very moment it wants.
 */
export class BankRelay {
  /** What happens to deliveries from now on. */
  onDelivery: DeliveryHook = always;
  /** While it is, questions stay without an answer. */
  isDeaf = false;
  /** How long each document takes to arrive, in pieces. */
  documentPauseMs = 0;
  /** What went wrong in the relay itself, or in a hook of the test: not a fault that was meant. */
  readonly failures: string[] = [];
  private readonly passages: Passage[] = [];
  private server: Server | undefined;

  constructor(private readonly bankUrl: string) {}

  async start(): Promise<void> {
    const server = createServer((request, response) => {
      this.handle(request, response).catch((error: unknown) => {
        this.failures.push(String(error));
        response.destroy();
      });
    });
    this.server = server;
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server!.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.server?.closeAllConnections();
    await new Promise((resolve) => this.server?.close(resolve));
  }

  /** Lets everything through again. */
  calm(): void {
    this.onDelivery = always;
    this.isDeaf = false;
    this.documentPauseMs = 0;
  }

  /** How many deliveries there were, and how many of them were never answered. */
  deliveries(batchCode: string): { all: number; unanswered: number } {
    const all = this.passages.filter(
      ({ kind, messageId }) => kind === 'delivered' && messageId.startsWith(batchCode),
    );
    return { all: all.length, unanswered: all.filter(({ status }) => status === null).length };
  }

  /**
   * Messages that were delivered again although the delivery before may have reached the bank and nobody had asked:
   * between two deliveries stands the bank's word that it took nothing, or that it does not know the message.
   */
  sentBlindly(batchCode: string): string[] {
    const mayGo = new Map<string, boolean>();
    const blind: string[] = [];
    for (const { kind, messageId, status } of this.passages) {
      if (!messageId.startsWith(batchCode)) continue;
      if (kind === 'asked') {
        if (status === 404) mayGo.set(messageId, true);
        continue;
      }
      if (mayGo.get(messageId) === false) blind.push(messageId);
      mayGo.set(messageId, status !== null && nothingTaken.has(status));
    }
    return blind;
  }

  private async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await whole(request);
    // A worker that dies while it sends has delivered nothing: half a message is not handed on.
    if (!body) return;
    const asked = /^\/messages\/([^/]+)\/status$/.exec(request.url ?? '')?.[1];
    if (request.method === 'POST') return this.deliver(request, body, response);
    const reply = this.isDeaf && asked ? null : await this.forward(request, body);
    if (asked && reply) this.note('asked', decodeURIComponent(asked)).status = reply.status;
    if (request.url?.startsWith('/documents/') && reply && this.documentPauseMs > 0) {
      const size = Math.ceil(reply.body.length / (documentPieces + 1));
      response.writeHead(reply.status, { 'content-type': reply.type });
      for (let piece = 0; piece < documentPieces; piece += 1) {
        response.write(reply.body.subarray(piece * size, (piece + 1) * size));
        await sleep(this.documentPauseMs / documentPieces);
      }
      response.end(reply.body.subarray(documentPieces * size));
    } else write(response, reply);
  }

  private async deliver(request: IncomingMessage, body: Buffer, response: ServerResponse): Promise<void> {
    const messageId = /<MsgId>([^<]+)</.exec(body.toString())?.[1] ?? 'none';
    const passage = this.note('delivered', messageId);
    const batch = messageId.split('-C', 1)[0]!;
    const nth = this.deliveries(batch).all;
    let reply: BankReply | null = null;
    const fate = await this.onDelivery({ messageId, nth }, async () => {
      reply = await this.forward(request, body);
    });
    if (fate === 'refuse') reply = { status: 503, type: 'text/plain', body: Buffer.from('busy') };
    if (fate === 'lose' || response.destroyed) reply = null;
    if (reply) passage.status = (reply as BankReply).status;
    write(response, reply);
  }

  private note(kind: Passage['kind'], messageId: string): Passage {
    const passage: Passage = { kind, messageId, status: null };
    this.passages.push(passage);
    return passage;
  }

  /** What the bank answers; null when it is away or cuts the line. */
  private async forward(request: IncomingMessage, body: Buffer): Promise<BankReply | null> {
    const { authorization, 'content-type': type } = request.headers;
    try {
      const reply = await fetch(`${this.bankUrl}${request.url}`, {
        method: request.method,
        headers: { authorization: authorization ?? '', ...(type && { 'content-type': type }) },
        ...(body.length > 0 && { body: new Uint8Array(body) }),
      });
      const content = Buffer.from(await reply.arrayBuffer());
      return { status: reply.status, type: reply.headers.get('content-type') ?? '', body: content };
    } catch (error) {
      // By name: the class of `fetch` is that of another realm than Jest's.
      if ((error as Error).name === 'TypeError') return null;
      throw error;
    }
  }
}

/** The body, unless the sender went away in the middle of it. */
async function whole(request: IncomingMessage): Promise<Buffer | null> {
  try {
    return await buffer(request);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ECONNRESET') return null;
    throw error;
  }
}

/** Without a reply the connection is cut, as a network does. */
function write(response: ServerResponse, reply: BankReply | null): void {
  if (reply) response.writeHead(reply.status, { 'content-type': reply.type }).end(reply.body);
  else response.destroy();
}
