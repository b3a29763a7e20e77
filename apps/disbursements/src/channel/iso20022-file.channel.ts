import type { BankAnswer, BankDocument, PaymentChannel } from './payment-channel.js';

/**
 * The same messages carried by hand: an operator downloads the pain.001 files, brings them to the bank, and uploads its
 * status reports and statements. Nothing is known until then, so every answer is «received».
 */
export class Iso20022FileChannel implements PaymentChannel {
  readonly isByHand = true;

  async send(messageId: string): Promise<BankAnswer> {
    return Promise.resolve({ messageId, verdict: 'received', reason: null, refused: [] });
  }

  query(messageId: string): Promise<BankAnswer> {
    return this.send(messageId);
  }

  async documents(): Promise<BankDocument[]> {
    return Promise.resolve([]);
  }

  document(id: string): Promise<never> {
    return Promise.reject(new Error(`a channel by hand has no document ${id}`));
  }
}
