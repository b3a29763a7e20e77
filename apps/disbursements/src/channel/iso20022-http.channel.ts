import { Iso20022Error, parsePain002, type XmlSource } from '@ansinh/iso20022';
import { traceHeaders } from '@ansinh/telemetry';
import {
  AccountUnknown,
  type BankAnswer,
  type BankDocument,
  NotDelivered,
  OutcomeUnknown,
  type PaymentChannel,
  type RefusedLine,
} from './payment-channel.js';

interface Iso20022HttpOptions {
  url: string;
  token: string;
  timeoutMs: number;
  /** A statement may be hundreds of megabytes: it may take longer to arrive than an answer. */
  documentTimeoutMs: number;
}

/** Connection errors raised before a byte was sent. Every other failure may have come after. */
const beforeSending = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'UND_ERR_CONNECT_TIMEOUT']);

/** Host-to-host: pain.001 out, pain.002 back at once; status and documents are asked for. */
export class Iso20022HttpChannel implements PaymentChannel {
  readonly isByHand = false;

  constructor(private readonly options: Iso20022HttpOptions) {}

  async send(messageId: string, message: Uint8Array): Promise<BankAnswer> {
    const response = await this.request('/messages', {
      method: 'POST',
      headers: { 'content-type': 'application/xml' },
      body: new Uint8Array(message),
    });
    // Overloaded or refused at the door: the bank says itself that it took nothing.
    if ([401, 403, 413, 429, 503].includes(response.status)) {
      await response.body?.cancel();
      throw new NotDelivered(`the bank answered ${response.status}`);
    }
    return readAnswer(messageId, response);
  }

  async query(messageId: string): Promise<BankAnswer | null> {
    const response = await this.request(`/messages/${encodeURIComponent(messageId)}/status`, {});
    if (response.status === 404) {
      await response.body?.cancel();
      return null;
    }
    return readAnswer(messageId, response);
  }

  async documents(account: string, after: string, limit: number): Promise<BankDocument[]> {
    const query = new URLSearchParams({ account, after, limit: String(limit) });
    const response = await this.request(`/documents?${query}`, {});
    if (response.status === 404) throw new AccountUnknown('the bank does not know the account');
    if (!response.ok) throw new OutcomeUnknown(`the bank answered ${response.status} for its documents`);
    const { documents } = (await response.json()) as { documents: BankDocument[] };
    return documents;
  }

  async document(id: string): Promise<AsyncIterable<Uint8Array>> {
    const response = await this.request(
      `/documents/${encodeURIComponent(id)}`,
      {},
      this.options.documentTimeoutMs,
    );
    if (!response.ok || !response.body)
      throw new OutcomeUnknown(`the bank answered ${response.status} for ${id}`);
    return whileHeard(response.body, this.options.timeoutMs);
  }

  /** Every answer begins within `timeoutMs`; how long it may go on is another matter. */
  private async request(
    path: string,
    init: RequestInit,
    wholeMs = this.options.timeoutMs,
  ): Promise<Response> {
    const beginning = new AbortController();
    const timer = setTimeout(() => beginning.abort(new Error('no answer in time')), this.options.timeoutMs);
    try {
      return await fetch(`${this.options.url}${path}`, {
        ...init,
        headers: { ...init.headers, ...traceHeaders(), authorization: `Bearer ${this.options.token}` },
        signal: AbortSignal.any([beginning.signal, AbortSignal.timeout(wholeMs)]),
      });
    } catch (error) {
      const code = ((error as Error).cause as { code?: string } | undefined)?.code ?? '';
      const message = `${(error as Error).message} ${code}`.trim();
      throw beforeSending.has(code) ? new NotDelivered(message) : new OutcomeUnknown(message);
    } finally {
      clearTimeout(timer);
    }
  }
}

/** A large document may take its time as long as it comes: a silent connection must not hold up all that waits behind it. */
async function* whileHeard(
  body: ReadableStream<Uint8Array>,
  silenceMs: number,
): AsyncGenerator<Uint8Array, void> {
  const reader = body.getReader();
  const silence = () => new OutcomeUnknown(`the bank has been silent for ${silenceMs} ms in a document`);
  try {
    for (;;) {
      let timer: NodeJS.Timeout | undefined;
      const late = new Promise<never>((_, reject) => {
        timer = setTimeout(() => reject(silence()), silenceMs);
      });
      const piece = await Promise.race([reader.read(), late]).finally(() => clearTimeout(timer));
      if (piece.done) return;
      yield piece.value;
    }
  } finally {
    await reader.cancel();
  }
}

const accepted = new Set(['ACTC', 'ACCP', 'ACSP', 'ACSC', 'ACWC', 'PART']);

async function readAnswer(messageId: string, response: Response): Promise<BankAnswer> {
  if (!response.ok || !response.body) {
    await response.body?.cancel();
    throw new OutcomeUnknown(`the bank answered ${response.status}`);
  }
  try {
    const answer = await readStatusReport(response.body);
    if (answer.messageId !== messageId) {
      throw new OutcomeUnknown(`the bank answered for ${answer.messageId} instead of ${messageId}`);
    }
    return answer;
  } catch (error) {
    if (error instanceof Iso20022Error)
      throw new OutcomeUnknown(`the answer cannot be read: ${error.message}`);
    throw error;
  }
}

/** Reads a pain.002 of any version into what it means for a message. @throws Iso20022Error */
export async function readStatusReport(source: XmlSource): Promise<BankAnswer> {
  const answer: BankAnswer = { messageId: '', verdict: 'received', reason: null, refused: [] };
  const refused: RefusedLine[] = [];
  let status: string | null = null;
  for await (const events of parsePain002(source)) {
    for (const event of events) {
      if (event.kind === 'report') {
        answer.messageId = event.originalMessageId;
        status = event.groupStatus;
        answer.reason = event.groupReason;
      } else if (event.kind === 'paymentInformation') {
        status ??= event.status;
        answer.reason ??= event.reason;
      } else if (event.status === 'RJCT') {
        refused.push({ endToEndId: event.endToEndId, reason: event.reason ?? 'NARR' });
      }
    }
  }
  answer.refused = refused;
  if (status === 'RJCT') answer.verdict = 'refused';
  else if ((status !== null && accepted.has(status)) || refused.length > 0) answer.verdict = 'accepted';
  return answer;
}
