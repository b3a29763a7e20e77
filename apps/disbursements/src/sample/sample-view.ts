import type { Transaction } from '@ansinh/database';
import { findPlace } from '@ansinh/places';
import { batchCode } from '../batch/batch-code.js';
import type { SampleView, StratumView } from './sample.dto.js';

export interface SampleRow {
  id: string;
  batch_id: string;
  batch_number: string;
  office_code: string;
  seed: string;
  confidence: number;
  margin: number | null;
  expected_error_rate: number;
  districts: Record<string, string>;
  bands: string[];
  list_digest: string;
  lines: number;
  amount: string;
  drawn_by: string;
  /** With microseconds, as PostgreSQL writes it. */
  drawn_at: string;
  strata: {
    stratum_no: number;
    district_code: string;
    band_no: number;
    lines: number;
    amount: string;
    amount_max: string;
    sampled: number;
  }[];
}

const samples = `
SELECT sample.id, batch.id AS batch_id, sample.batch_number, batch.office_code, seed, confidence, margin, expected_error_rate,
       districts, sample.bands::text[] AS bands, sample.list_digest, sample.lines, sample.amount, drawn_by, drawn_at::text AS drawn_at,
       (SELECT json_agg(json_build_object('stratum_no', stratum_no, 'district_code', district_code, 'band_no', band_no,
                 'lines', stratum.lines, 'amount', stratum.amount::text, 'amount_max', amount_max::text, 'sampled', sampled)
               ORDER BY stratum_no)
        FROM sample_stratum stratum WHERE stratum.sample_id = sample.id) AS strata
FROM sample JOIN batch ON batch.number = sample.batch_number`;

export async function sampleById(tx: Transaction, id: string): Promise<SampleRow | undefined> {
  return ((await tx.query(`${samples} WHERE sample.id = $1`, [id])) as SampleRow[])[0];
}

/** Newest first: every draw stays in the list, so nobody draws until the lines are to his liking. */
export async function samplesOfBatch(tx: Transaction, batchNumber: string): Promise<SampleRow[]> {
  return (await tx.query(`${samples} WHERE sample.batch_number = $1 ORDER BY sample.id DESC`, [
    batchNumber,
  ])) as SampleRow[];
}

const method =
  'Take the published list (its SHA-256 is listDigest). For each line compute SHA-256 of «seed|payment» in UTF-8, as hexadecimal digits. In each stratum, sort ascending and take the first «sampled» lines.';

export function viewSample(row: SampleRow): SampleView {
  return {
    id: row.id,
    batchId: row.batch_id,
    batchCode: batchCode(row.batch_number),
    seed: row.seed,
    confidence: row.confidence,
    marginOfError: row.margin,
    expectedErrorRate: row.expected_error_rate,
    size: row.strata.reduce((sum, { sampled }) => sum + sampled, 0),
    lines: row.lines,
    amount: row.amount,
    listDigest: row.list_digest,
    method,
    drawnBy: row.drawn_by,
    drawnAt: new Date(row.drawn_at).toISOString(),
    strata: viewStrata(row),
  };
}

export function viewStrata({ strata, bands }: SampleRow): StratumView[] {
  return strata.map((stratum) => ({
    stratum: stratum.stratum_no,
    districtCode: stratum.district_code,
    districtName: findPlace(stratum.district_code)?.name ?? null,
    amountFrom: bands[stratum.band_no - 1]!,
    amountMax: stratum.amount_max,
    lines: stratum.lines,
    amount: stratum.amount,
    sampled: stratum.sampled,
  }));
}
