import { createHash } from 'node:crypto';
import type { Transaction } from '@ansinh/database';
import { ancestors, findPlace } from '@ansinh/places';
import type { Stratum } from '@ansinh/sampling';
import { endToEndId } from '../batch/batch-code.js';

/** By which a paid line has its stratum. */
export interface Grouping {
  /** District by place code; a place that is not known is in none. */
  districts: Record<string, string>;
  /** Where the bands of amounts begin, ascending, đồng. */
  bands: string[];
}

export interface PopulationRow {
  row_no: number;
  stratum_no: number;
  amount: string;
}

/**
 * Lines of a batch that were paid, and had not come back, at a moment: `$1` batch, `$2` places, `$3` their districts,
 * `$4` bands, `$5` the moment. Strata are numbered by district and band.
 */
export const population = `
SELECT row_no, amount, district_code, band_no,
       dense_rank() OVER (ORDER BY district_code COLLATE "C", band_no)::int AS stratum_no
FROM (
  SELECT payment.row_no, payment.amount, coalesce(known.district, '') AS district_code,
         width_bucket(payment.amount, $4::bigint[]) AS band_no
  FROM payment
  JOIN payment_outcome paid ON paid.batch_number = payment.batch_number AND paid.row_no = payment.row_no
    AND paid.kind = 'paid' AND paid.at <= $5::timestamptz
  JOIN payment_line line ON line.batch_number = payment.batch_number AND line.row_no = payment.row_no
  LEFT JOIN unnest($2::text[], $3::text[]) AS known (place, district) ON known.place = line.place_code
  WHERE payment.batch_number = $1
    AND NOT EXISTS (SELECT FROM payment_outcome back WHERE back.batch_number = payment.batch_number
                    AND back.row_no = payment.row_no AND back.kind = 'returned' AND back.at <= $5::timestamptz)) paid_line`;

export function populationParameters(
  batchNumber: string,
  { districts, bands }: Grouping,
  at: string,
): unknown[] {
  return [batchNumber, Object.keys(districts), Object.values(districts), bands, at];
}

/** The places and amounts of a batch, and what groups its lines by them. */
export async function groupingOf(tx: Transaction, batchNumber: string): Promise<Grouping> {
  const [found] = (await tx.query(
    `SELECT (SELECT coalesce(array_agg(DISTINCT place_code), '{}') FROM payment_line
             WHERE batch_number = $1 AND NOT set_aside AND place_code IS NOT NULL) AS places,
            (SELECT coalesce(max(amount), 0) FROM payment WHERE batch_number = $1) AS largest`,
    [batchNumber],
  )) as { places: string[]; largest: string }[];
  const known = found!.places.flatMap((place) => {
    const district = districtOf(place);
    return district === null ? [] : [[place, district] as const];
  });
  return { districts: Object.fromEntries(known), bands: bandsUpTo(BigInt(found!.largest)) };
}

/**
 * The district in which a place lies; since July 2025, when districts ended, the one from which a commune came. Where no
 * district is known (old Bắc Giang), the province.
 */
function districtOf(code: string): string | null {
  const place = findPlace(code);
  if (!place) return null;
  if (place.level !== 'commune') return place.code;
  const above = [
    ...ancestors(code).map((unit) => unit.code),
    ...place.offices.filter((office) => office !== code),
  ];
  return above.find((unit) => unit.length === 3) ?? above[0] ?? null;
}

/** 1, 2 and 5 times the powers of ten: within a band no payment is much larger than another. */
export function bandsUpTo(largest: bigint): string[] {
  const bands: bigint[] = [1n];
  for (let power = 1n; power <= largest; power *= 10n) bands.push(power, 2n * power, 5n * power);
  return [...new Set(bands)].filter((from) => from <= largest || from === 1n).map(String);
}

interface StratumRow {
  stratum_no: number;
  district_code: string;
  band_no: number;
  lines: number;
  amount: string;
  amount_max: string;
}

export interface NumberedStratum extends Stratum {
  stratumNo: number;
  districtCode: string;
  bandNo: number;
}

/** Keeps the lines in a table of this transaction, and gives their strata. */
export async function gatherPopulation(tx: Transaction, parameters: unknown[]): Promise<NumberedStratum[]> {
  await tx.query(`CREATE TEMPORARY TABLE population (row_no int, amount bigint, district_code text, band_no int,
                  stratum_no int) ON COMMIT DROP`);
  await tx.query(`INSERT INTO population ${population}`, parameters);
  await tx.query('ANALYZE population');
  const rows = (await tx.query(
    `SELECT stratum_no, district_code, band_no, count(*)::int AS lines, sum(amount)::bigint AS amount, max(amount) AS amount_max
     FROM population GROUP BY stratum_no, district_code, band_no ORDER BY stratum_no`,
  )) as StratumRow[];
  return rows.map((row) => ({
    stratumNo: row.stratum_no,
    districtCode: row.district_code,
    bandNo: row.band_no,
    lines: row.lines,
    amount: BigInt(row.amount),
    amountMax: BigInt(row.amount_max),
  }));
}

export const listHeader = 'payment,stratum,amount\n';

export function listLine(batchNumber: string, { row_no, stratum_no, amount }: PopulationRow): string {
  return `${endToEndId(batchNumber, row_no)},${stratum_no},${amount}\n`;
}

const rowsPerFetch = 5_000;

/** SHA-256 of the list as it is published, read by a cursor so that memory does not grow with it. */
export async function digestOfPopulation(tx: Transaction, batchNumber: string): Promise<string> {
  const hash = createHash('sha256').update(listHeader);
  await tx.query(
    'DECLARE listed NO SCROLL CURSOR FOR SELECT row_no, stratum_no, amount FROM population ORDER BY row_no',
  );
  for (;;) {
    const rows = (await tx.query(`FETCH ${rowsPerFetch} FROM listed`)) as PopulationRow[];
    hash.update(rows.map((row) => listLine(batchNumber, row)).join(''));
    if (rows.length < rowsPerFetch) break;
  }
  await tx.query('CLOSE listed');
  return hash.digest('hex');
}
