/** Why a file was refused; stable, for a caller to branch on. */
export type Mt940ErrorCode =
  /** Does not begin with a field of MT940. */
  | 'UNSUPPORTED_MESSAGE'
  /** A line or a field longer than any real one. */
  | 'LIMIT_EXCEEDED'
  /** A field that does not have the form of its tag. */
  | 'INVALID_VALUE'
  | 'INVALID_AMOUNT';

/** A file that cannot be read. `line` counts from 1. */
export class Mt940Error extends Error {
  constructor(
    readonly code: Mt940ErrorCode,
    message: string,
    readonly line: number,
  ) {
    super(`line ${line}: ${message}`);
    this.name = 'Mt940Error';
  }
}
