/** What a bank said of one message. `refused` holds the lines it will not pay; the others it takes on. */
export interface BankAnswer {
  messageId: string;
  /** accepted: at least one line is taken on · refused: none is · received: known to the bank, not decided yet. */
  verdict: 'accepted' | 'refused' | 'received';
  reason: string | null;
  refused: RefusedLine[];
}

export interface RefusedLine {
  endToEndId: string;
  /** External status reason code of ISO 20022, e.g. AC04 (account closed). */
  reason: string;
}

export interface BankDocument {
  /** Position in the bank's outbox: reading goes on after it. */
  cursor: string;
  id: string;
}

/** The bank has certainly not taken the message: it may be sent again. */
export class NotDelivered extends Error {
  override name = 'NotDelivered';
}

/** Nobody knows whether the bank has taken the message: it must be asked before anything is sent again. */
export class OutcomeUnknown extends Error {
  override name = 'OutcomeUnknown';
}

/** The bank keeps no such account: there is nothing to be read of it. */
export class AccountUnknown extends OutcomeUnknown {
  override name = 'AccountUnknown';
}

/**
 * The way to a bank, the one true seam of the service. Adding a bank is one class of this shape.
 * Every method may be called again with the same arguments; none may lead to a second payment.
 */
export interface PaymentChannel {
  /** People carry the messages: the answer comes by upload, and asking again is of no use. */
  readonly isByHand: boolean;
  /**
   * Hands one message over.
   * @throws NotDelivered, OutcomeUnknown; anything else counts as unknown
   */
  send(messageId: string, message: Uint8Array): Promise<BankAnswer>;
  /** What became of a message; null when the bank never got it. @throws OutcomeUnknown when the bank cannot be asked */
  query(messageId: string): Promise<BankAnswer | null>;
  /** Documents of a payer's account after a position, oldest first. @throws AccountUnknown */
  documents(account: string, after: string, limit: number): Promise<BankDocument[]>;
  /** One document as it arrives. */
  document(id: string): Promise<AsyncIterable<Uint8Array>>;
}

/** Injection token: the channels by the name that a fund gives. */
export const paymentChannels = Symbol('payment-channels');
export type PaymentChannels = Readonly<Record<string, PaymentChannel>>;
