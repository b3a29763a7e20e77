import { exposureOf, ratio, type Stratum, sum } from './design.js';
import { lowerBound, upperBound } from './mean-bound.js';

/** A stratum with what was found in it. */
export interface SampledStratum extends Stratum {
  /** Wrong money of each payment that was looked at, đồng: 0 where it was right, at most the amount. */
  errors: readonly bigint[];
  /** Sum of the payments that were looked at, đồng. */
  sampledAmount: bigint;
}

/** đồng */
export interface WrongMoney {
  estimate: bigint;
  standardError: bigint;
  lower: bigint;
  upper: bigint;
  /** In the sample itself. */
  found: bigint;
}

/**
 * Wrong money of a whole list, from a stratified sample without replacement.
 *
 * `estimate` is Σ N·ē and `standardError` √Σ N²·(1−n/N)·s²/n, mean per unit in each stratum with the finite population
 * correction (W. G. Cochran, Sampling Techniques, 3rd ed., 1977, theorems 5.1 and 5.3). The interval does not come from the standard
 * error, which is zero where nothing wrong was found and too small where little was: it is {@link upperBound} over all
 * observations, each as a share of the heaviest one. Strata that were looked at whole are known and take no part in it.
 * Nor can the truth be less than what was found, or more than that and everything that was not looked at.
 */
export function estimateWrongMoney(strata: readonly SampledStratum[], confidence: number): WrongMoney {
  const found = sum(strata.flatMap(({ errors }) => errors));
  const amount = sum(strata.map((stratum) => stratum.amount));
  const unseen = amount - sum(strata.map(({ sampledAmount }) => sampledAmount));
  const open = strata.filter(({ lines, errors }) => errors.length < lines);
  const known = sum(strata.filter((stratum) => !open.includes(stratum)).flatMap(({ errors }) => errors));
  const [lower, upper] = boundsOf(open, confidence);
  const clamp = (value: bigint) => {
    if (value < found) return found;
    return value > found + unseen ? found + unseen : value;
  };
  return {
    estimate: sum(strata.map(expandedErrors)),
    standardError: standardErrorOf(strata),
    lower: clamp(known + lower),
    upper: clamp(known + upper),
    found,
  };
}

/** N·ē, rounded to whole đồng. */
function expandedErrors({ lines, errors }: SampledStratum): bigint {
  const count = BigInt(errors.length);
  return (2n * BigInt(lines) * sum(errors) + count) / (2n * count);
}

function boundsOf(open: readonly SampledStratum[], confidence: number): [bigint, bigint] {
  if (open.length === 0) return [0n, 0n];
  const count = open.reduce((total, { errors }) => total + errors.length, 0);
  // đồng of the list for which the heaviest observation stands.
  const weights = open.map((stratum) => {
    const seen = BigInt(stratum.errors.length);
    return (exposureOf(stratum) + seen - 1n) / seen;
  });
  const heaviest = weights.reduce((most, weight) => (weight > most ? weight : most));
  const total = heaviest * BigInt(count);
  const mean = Math.min(1, ratio(sum(open.map(expandedErrors)), total));
  const alpha = (1 - confidence) / 2;
  const scale = 10n ** 12n;
  const share = (value: number) => BigInt(Math.floor(value * Number(scale)));
  return [
    (total * share(lowerBound(mean, count, alpha))) / scale,
    (total * (share(upperBound(mean, count, alpha)) + 1n)) / scale + 1n,
  ];
}

/** In units of the largest payment of each stratum, so that no square leaves what a double holds. */
function standardErrorOf(strata: readonly SampledStratum[]): bigint {
  const largest = strata.reduce((most, stratum) => {
    const exposure = exposureOf(stratum);
    return exposure > most ? exposure : most;
  }, 1n);
  const variance = strata.reduce((total, stratum) => {
    const { lines, errors, amountMax } = stratum;
    const count = errors.length;
    if (count >= lines) return total;
    const shares = errors.map((error) => ratio(error, amountMax));
    const mean = shares.reduce((sumOf, share) => sumOf + share, 0) / count;
    const spread = shares.reduce((sumOf, share) => sumOf + (share - mean) ** 2, 0) / (count - 1);
    return total + ratio(exposureOf(stratum), largest) ** 2 * (1 - count / lines) * (spread / count);
  }, 0);
  const scale = 10n ** 12n;
  return (largest * BigInt(Math.round(Math.sqrt(variance) * Number(scale)))) / scale;
}
