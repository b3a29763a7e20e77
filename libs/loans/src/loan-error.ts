import type { Text } from '@ansinh/language';

/** What no book or schedule takes, in the words of whoever asked for it. */
export class LoanError extends RangeError {
  constructor(readonly text: Text) {
    super(text.en);
    this.name = 'LoanError';
  }
}
