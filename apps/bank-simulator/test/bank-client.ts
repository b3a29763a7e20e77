import { setTimeout as delay } from 'node:timers/promises';
import {
  type CamtEvent,
  type CreditTransfer,
  type Pain002Event,
  parseCamt,
  parsePain002,
  writePain001,
} from '@ansinh/iso20022';

export const token = 'token-of-the-tests';
export const payer = { number: '113000012345', name: 'Sở Lao động – Thương binh và Xã hội' };

export interface BookLine {
  endToEndId: string;
  messageId: string;
  state: string;
  amount: string;
  debited: string;
  credited: string;
  debits: number;
  credits: number;
  reason: string | null;
}

export interface DocumentEntry {
  cursor: string;
  id: string;
  type: string;
  bytes: number;
}

/** What a customer does, over the wire. */
export class BankClient {
  constructor(readonly url: string) {}

  request(path: string, init: RequestInit = {}): Promise<Response> {
    return fetch(this.url + path, {
      ...init,
      headers: { authorization: `Bearer ${token}`, 'accept-language': 'en', ...init.headers },
    });
  }

  async post<T>(path: string, body: unknown): Promise<T> {
    const answer = await this.request(path, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
    return (await answer.json()) as T;
  }

  open(openingBalance = '1000000000000', account = payer): Promise<unknown> {
    return this.post('/accounts', { ...account, openingBalance });
  }

  send(message: Buffer): Promise<Response> {
    return this.request('/messages', {
      method: 'POST',
      headers: { 'content-type': 'application/xml' },
      body: new Uint8Array(message),
    });
  }

  async accept(message: Buffer): Promise<Pain002Event[]> {
    const answer = await this.send(message);
    if (answer.status !== 202) throw new Error(`${answer.status} ${await answer.text()}`);
    return statusOf(answer);
  }

  async documents(account = payer.number): Promise<DocumentEntry[]> {
    const all: DocumentEntry[] = [];
    for (;;) {
      const after = all.at(-1)?.cursor ?? '0';
      const answer = await this.request(`/documents?account=${account}&after=${after}&limit=3`);
      const { documents } = (await answer.json()) as { documents: DocumentEntry[] };
      if (documents.length === 0) return all;
      all.push(...documents);
    }
  }

  /** Waits until so many documents are published. */
  async documentsWhen(count: number, account = payer.number): Promise<DocumentEntry[]> {
    for (let attempt = 0; attempt < 400; attempt += 1) {
      const documents = await this.documents(account);
      if (documents.length >= count) return documents;
      await delay(25);
    }
    throw new Error(`fewer than ${count} documents after ten seconds`);
  }

  async download(id: string): Promise<string> {
    const answer = await this.request(`/documents/${id}`);
    if (!answer.ok) throw new Error(`${answer.status} ${await answer.text()}`);
    return answer.text();
  }

  async read(id: string): Promise<CamtEvent[]> {
    return collect(parseCamt(await this.download(id)));
  }

  async books(account = payer.number): Promise<BookLine[]> {
    const text = await (await this.request(`/books?account=${account}`)).text();
    return text
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line) as BookLine);
  }

  /** The books of these messages, when nothing in them is on its way any more. */
  async settledBooks(messageIds: string[], account = payer.number): Promise<BookLine[]> {
    for (let attempt = 0; attempt < 400; attempt += 1) {
      const lines = (await this.books(account)).filter(({ messageId }) => messageIds.includes(messageId));
      if (lines.length > 0 && lines.every(({ state }) => state !== 'received')) return lines;
      await delay(25);
    }
    throw new Error(`${messageIds.join()} not settled after ten seconds`);
  }

  async totals(account = payer.number): Promise<Record<string, unknown>> {
    return (await (await this.request(`/books/totals?account=${account}`)).json()) as Record<string, unknown>;
  }

  faults(kinds: Record<string, number | boolean>, seed: number | string = 7): Promise<unknown> {
    return this.post('/control/faults', { seed, rate: 1, kinds });
  }
}

export async function statusOf(answer: Response): Promise<Pain002Event[]> {
  return collect(parsePain002(await answer.text()));
}

async function collect<T>(pieces: AsyncIterable<T[]>): Promise<T[]> {
  const all: T[] = [];
  for await (const piece of pieces) all.push(...piece);
  return all;
}

/** Orders of 1,000,000 đồng and a little more each, with ids that begin with the message's. */
export function ordersOf(messageId: string, count: number): CreditTransfer[] {
  return Array.from({ length: count }, (_, index) => ({
    endToEndId: `${messageId}-${String(index + 1).padStart(6, '0')}`,
    amount: 1_000_000n + BigInt(index),
    creditorName: 'Nguyễn Thị Đào',
    creditorAccount: String(9_704_000_000_000 + index),
    creditorBin: '970436',
  }));
}

export function messageOf(
  messageId: string,
  orders: CreditTransfer[],
  options: { account?: string; executionOn?: string } = {},
): Buffer {
  return writePain001(
    {
      messageId,
      createdAt: '2022-07-01T09:30:00+07:00',
      initiatingParty: { name: payer.name },
      paymentInformationId: `${messageId}-P`,
      executionOn: options.executionOn ?? '2022-07-01',
      debtor: { name: payer.name, account: options.account ?? payer.number, agentBin: '970405' },
    },
    orders,
  );
}

export function totalOf(orders: CreditTransfer[]): bigint {
  return orders.reduce((sum, { amount }) => sum + amount, 0n);
}
