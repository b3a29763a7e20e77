/** What a scanner says of a file. */
export type Scan =
  | { verdict: 'clean' }
  | { verdict: 'infected'; signature: string }
  /** There is no scanner: nobody looked, and nobody says so. */
  | { verdict: 'notScanned' };

export interface VirusScanner {
  /** @throws Error where the scanner is away or cannot tell: that is not an answer */
  scan(content: AsyncIterable<Uint8Array>): Promise<Scan>;
}

/** Where no scanner is configured. */
export class NoScanner implements VirusScanner {
  scan(): Promise<Scan> {
    return Promise.resolve({ verdict: 'notScanned' });
  }
}
