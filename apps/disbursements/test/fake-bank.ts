import type { BankAnswer, BankDocument, PaymentChannel } from '../src/channel/payment-channel.js';

export const accepted = (messageId: string): BankAnswer => ({
  messageId,
  verdict: 'accepted',
  reason: null,
  refused: [],
});

/** A bank in this process: it notes what it is told, and answers as the test says. Accepts everything by default. */
export class FakeBank implements PaymentChannel {
  readonly isByHand = false;
  readonly sends: { messageId: string; message: Buffer }[] = [];
  readonly queries: string[] = [];
  readonly published: { id: string; content: string }[] = [];
  onSend: (messageId: string) => Promise<BankAnswer> | BankAnswer = accepted;
  onQuery: (messageId: string) => Promise<BankAnswer | null> | BankAnswer | null = () => null;

  /** As it was made: nothing noted, everything accepted. */
  reset(): void {
    for (const notes of [this.sends, this.queries, this.published]) notes.length = 0;
    this.onSend = accepted;
    this.onQuery = () => null;
  }

  async send(messageId: string, message: Uint8Array): Promise<BankAnswer> {
    this.sends.push({ messageId, message: Buffer.from(message) });
    return this.onSend(messageId);
  }

  async query(messageId: string): Promise<BankAnswer | null> {
    this.queries.push(messageId);
    return this.onQuery(messageId);
  }

  async documents(_account: string, after: string, limit: number): Promise<BankDocument[]> {
    const from = Number(after);
    return this.published
      .slice(from, from + limit)
      .map(({ id }, index) => ({ id, cursor: String(from + index + 1) }));
  }

  async document(id: string): Promise<AsyncIterable<Uint8Array>> {
    const { content } = this.published.find((document) => document.id === id)!;
    return (async function* () {
      yield Buffer.from(content);
    })();
  }
}
