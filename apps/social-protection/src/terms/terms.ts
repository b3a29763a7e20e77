import source from './terms.json' with { type: 'json' };

export type TermCode =
  'povertyPosting' | 'povertyComplaint' | 'monthlyAllowanceComplaint' | 'rentSupportComplaint';

/** How many working days the law gives for something, and where it says so. */
export interface Term {
  code: string;
  /** Of the carried law. */
  row: string;
  workingDays: number;
  legalBasis: string;
  from: string;
  /** First day on which it no longer holds; null while it does. */
  until: string | null;
  confidence: string;
}

export const terms: readonly Term[] = source.terms;

/** The term that holds on a day; undefined where no law that was read names one. */
export function termOn(code: TermCode, day: string): Term | undefined {
  return terms.find((term) => term.code === code && term.from <= day && (!term.until || day < term.until));
}
