/** Samples of what was paid, by the disbursements REST contract. */

export interface NewSample {
  seed?: string;
  confidence: number;
  marginOfError?: number;
  size?: number;
  expectedErrorRate?: number;
}

export interface Stratum {
  stratum: number;
  districtCode: string;
  districtName: string | null;
  amountFrom: string;
  amountMax: string;
  lines: number;
  amount: string;
  sampled: number;
}

export interface Sample {
  id: string;
  batchId: string;
  batchCode: string;
  seed: string;
  confidence: number;
  marginOfError: number | null;
  expectedErrorRate: number;
  size: number;
  lines: number;
  amount: string;
  listDigest: string;
  method: string;
  drawnBy: string;
  drawnAt: string;
  strata: Stratum[];
}

export type VisitOutcome = 'correct' | 'wrongAmount' | 'notReceived' | 'wrongPerson' | 'notFound';

export interface SampleLine {
  endToEndId: string;
  row: number;
  stratum: number;
  payeeName: string;
  payeeId: string;
  placeCode: string;
  placeName: string | null;
  amount: string;
  bankBin: string | null;
  account: string;
  result: {
    id: string;
    outcome: VisitOutcome;
    received: string | null;
    note: string | null;
    by: string;
    at: string;
  } | null;
}

export interface VisitResult {
  payment: string;
  outcome: string;
  received?: string;
  note?: string;
  /** Id of the result that this one corrects. */
  corrects?: string;
}

export interface SampleEstimate {
  sampleId: string;
  confidence: number;
  lines: number;
  amount: string;
  sampled: number;
  recorded: number;
  outcomes: Partial<Record<VisitOutcome, number>>;
  found: string;
  /** Null until every line has its result. */
  wrongMoney: { estimate: string; standardError: string; lower: string; upper: string } | null;
  strata: (Stratum & { recorded: number; wrong: number; wrongAmount: string })[];
}
