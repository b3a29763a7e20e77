/** Why a message was refused; stable, for a caller to branch on. */
export type Iso20022ErrorCode =
  /** Not well-formed XML, or not in UTF-8. */
  | 'MALFORMED_XML'
  /** A document type declaration: the door of entity attacks, and no bank needs one. */
  | 'DOCTYPE_REFUSED'
  /** Nested deeper or written longer than any real message. */
  | 'LIMIT_EXCEEDED'
  /** XML, but not the message that was asked for. */
  | 'UNSUPPORTED_MESSAGE'
  /** An element that the reading needs is not there. */
  | 'MISSING_ELEMENT'
  /** A value that is too long, empty, or has characters that may not travel. */
  | 'INVALID_VALUE'
  | 'INVALID_AMOUNT'
  | 'WRONG_CURRENCY'
  /** The count or the sum in the header is not that of the transactions. */
  | 'COUNT_MISMATCH';

/** A message that cannot be read or must not be written. `element` says where, in the words of ISO 20022. */
export class Iso20022Error extends Error {
  constructor(
    readonly code: Iso20022ErrorCode,
    message: string,
    readonly element?: string,
  ) {
    super(element ? `${element}: ${message}` : message);
    this.name = 'Iso20022Error';
  }
}
