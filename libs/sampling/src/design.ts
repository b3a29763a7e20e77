import { upperBound } from './mean-bound.js';

/** Payments of one district and one band of amounts. */
export interface Stratum {
  lines: number;
  /** đồng */
  amount: bigint;
  /** The largest payment in it, đồng. */
  amountMax: bigint;
}

export interface Precision {
  /** Of the interval, e.g. 0.95: half of what is missing from 1 may be lost at either end. */
  confidence: number;
  /** How far the upper end may lie above the estimate, as a share of the money. */
  margin: number;
  /** Share of the money that is expected to be wrong. */
  expectedErrorRate: number;
}

/** What a stratum could hold of wrong money if each of its payments were as large as its largest. */
export const exposureOf = ({ lines, amountMax }: Stratum): bigint => BigInt(lines) * amountMax;

export function sum(values: readonly bigint[]): bigint {
  return values.reduce((total, value) => total + value, 0n);
}

/** a / b as a double, for b above zero. */
export function ratio(a: bigint, b: bigint): number {
  const scale = 10n ** 15n;
  return Number((a * scale) / b) / Number(scale);
}

/**
 * The fewest payments by which the upper end of the interval lies within the margin, if as much is wrong as expected: the
 * bound of {@link upperBound} itself is solved for n, so the size and the interval can never disagree. Every payment where
 * fewer do not reach it.
 */
export function sampleSize(
  strata: readonly Stratum[],
  { confidence, margin, expectedErrorRate }: Precision,
): number {
  const slack = ratio(sum(strata.map(exposureOf)), sum(strata.map(({ amount }) => amount)));
  const expected = expectedErrorRate / slack;
  const allowed = (expectedErrorRate + margin) / slack;
  const isEnough = (count: number) => upperBound(expected, count, (1 - confidence) / 2) <= allowed;
  let [low, high] = [1, strata.reduce((total, { lines }) => total + lines, 0)];
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (isEnough(middle)) high = middle;
    else low = middle + 1;
  }
  return high;
}

/** Two at least, or the variance within the stratum could not be estimated. */
const linesMin = 2;

/**
 * How many payments of each stratum: in proportion to its exposure, which makes every observation weigh the same, and so
 * the interval of this size the narrowest. Rounded up, so the sum may exceed `size`; all of a stratum that is smaller.
 */
export function allocate(strata: readonly Stratum[], size: number): number[] {
  const total = sum(strata.map(exposureOf));
  return strata.map((stratum) => {
    const share = Number((BigInt(size) * exposureOf(stratum) + total - 1n) / total);
    return Math.min(stratum.lines, Math.max(linesMin, share));
  });
}
