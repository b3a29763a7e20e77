import { SpanKind } from '@opentelemetry/api';
import { Histogram } from 'prom-client';
import { traced } from '@ansinh/telemetry';
import { type BankAnswer, type BankDocument, NotDelivered, type PaymentChannel } from './payment-channel.js';

const calls = new Histogram({
  name: 'ansinh_bank_call_duration_seconds',
  help: 'Calls to a bank. Outcome: answered; notDelivered: it certainly took nothing; unknown: it may have.',
  labelNames: ['operation', 'outcome'],
  buckets: [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60],
});

// From the start, so that the first failure is an increase.
for (const operation of ['send', 'query', 'documents', 'document']) {
  for (const outcome of ['answered', 'notDelivered', 'unknown']) calls.zero({ operation, outcome });
}

/** A channel whose calls are measured and stand in the trace. */
export class ObservedChannel implements PaymentChannel {
  readonly isByHand: boolean;

  constructor(private readonly channel: PaymentChannel) {
    this.isByHand = channel.isByHand;
  }

  send(messageId: string, message: Uint8Array): Promise<BankAnswer> {
    return this.call('send', () => this.channel.send(messageId, message));
  }

  query(messageId: string): Promise<BankAnswer | null> {
    return this.call('query', () => this.channel.query(messageId));
  }

  documents(account: string, after: string, limit: number): Promise<BankDocument[]> {
    return this.call('documents', () => this.channel.documents(account, after, limit));
  }

  document(id: string): Promise<AsyncIterable<Uint8Array>> {
    return this.call('document', () => this.channel.document(id));
  }

  private async call<T>(operation: string, work: () => Promise<T>): Promise<T> {
    const end = calls.startTimer({ operation });
    try {
      const answer = await traced(`bank ${operation}`, { kind: SpanKind.CLIENT }, work);
      end({ outcome: 'answered' });
      return answer;
    } catch (error) {
      end({ outcome: error instanceof NotDelivered ? 'notDelivered' : 'unknown' });
      throw error;
    }
  }
}
