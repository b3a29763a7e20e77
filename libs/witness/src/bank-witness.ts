/** What the bank's own books say of one end-to-end id. Amounts are strings of đồng. */
export interface BookLine {
  endToEndId: string;
  messageId: string;
  state: 'received' | 'refused' | 'settled' | 'returned';
  /** What was instructed. */
  amount: string;
  /** What the payer's account lost, and got back. */
  debited: string;
  credited: string;
  /** How often it was booked. */
  debits: number;
  credits: number;
}

/** A document in the bank's outbox. */
export interface PublishedDocument {
  cursor: string;
  id: string;
  type: 'camt.053' | 'camt.054' | 'pain.002';
}

/** Rates of 0…1, by line or by message; the names are those of the bank simulator. */
export type BankFaults = Partial<
  Record<
    | 'refuse'
    | 'returnLater'
    | 'loseAnswer'
    | 'answerLate'
    | 'answerTwice'
    | 'outOfOrder'
    | 'closeConnection'
    | 'shortByOne',
    number
  >
>;

export interface PayerAccount {
  number: string;
  name: string;
  /** Whole đồng. */
  openingBalance: string;
}

const documentsPerPage = 100;

/**
 * The bank simulator as demonstrations and tests steer and question it; our services never come this way. What it
 * tells is summed from the bank's own postings: nothing of ours can make it agree.
 * Every method throws when the bank does not answer with success.
 */
export class BankWitness {
  constructor(
    private readonly url: string,
    private readonly token: string,
  ) {}

  async openAccount(account: PayerAccount): Promise<void> {
    await this.post('/accounts', account);
  }

  /** From now on; what was accepted before keeps its fate. Without `kinds`, every kind at the rate. */
  async planFaults(seed: number, rate: number, kinds?: BankFaults): Promise<void> {
    await this.post('/control/faults', { seed, rate, ...(kinds && { kinds }) });
  }

  /**
   * Has the account statement (camt.053) of everything booked since the last one drawn up, as of today in Viet Nam.
   * @returns the id of the document
   */
  async drawStatement(account: string): Promise<string> {
    const on = new Date(Date.now() + 7 * 3_600_000).toISOString().slice(0, 10);
    return ((await (await this.post('/statements', { account, on })).json()) as { id: string }).id;
  }

  async totals(account: string): Promise<{ debited: string; credited: string; balanced: boolean }> {
    const answer = await this.request(`/books/totals?account=${account}`);
    return (await answer.json()) as { debited: string; credited: string; balanced: boolean };
  }

  /** Line by line in the order of the ids, in flat memory. */
  async *books(account: string): AsyncGenerator<BookLine> {
    const { body } = await this.request(`/books?account=${account}`);
    if (!body) return;
    let rest = '';
    for await (const piece of body.pipeThrough(new TextDecoderStream())) {
      const lines = (rest + piece).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) yield JSON.parse(line) as BookLine;
    }
    if (rest !== '') yield JSON.parse(rest) as BookLine;
  }

  /** All that the bank has published for an account, oldest first. */
  async documents(account: string): Promise<PublishedDocument[]> {
    const all: PublishedDocument[] = [];
    for (;;) {
      const after = all.at(-1)?.cursor ?? '0';
      const path = `/documents?account=${account}&after=${after}&limit=${documentsPerPage}`;
      const { documents } = (await (await this.request(path)).json()) as { documents: PublishedDocument[] };
      all.push(...documents);
      if (documents.length < documentsPerPage) return all;
    }
  }

  /** The XML of one document. */
  async download(documentId: string): Promise<string> {
    return (await this.request(`/documents/${documentId}`)).text();
  }

  /** The status report (pain.002) of a message that the bank has. */
  async statusReport(messageId: string): Promise<string> {
    return (await this.request(`/messages/${encodeURIComponent(messageId)}/status`)).text();
  }

  /** Hands a message over once more, past our service. @returns the status report */
  async deliver(message: string): Promise<string> {
    const headers = { 'content-type': 'application/xml' };
    return (await this.request('/messages', { method: 'POST', headers, body: message })).text();
  }

  private post(path: string, body: object): Promise<Response> {
    const headers = { 'content-type': 'application/json' };
    return this.request(path, { method: 'POST', headers, body: JSON.stringify(body) });
  }

  private async request(path: string, init: RequestInit = {}): Promise<Response> {
    const answer = await fetch(`${this.url}${path}`, {
      ...init,
      headers: { ...init.headers, authorization: `Bearer ${this.token}` },
    });
    if (!answer.ok) throw new Error(`bank: ${path} answered ${answer.status} ${await answer.text()}`);
    return answer;
  }
}
