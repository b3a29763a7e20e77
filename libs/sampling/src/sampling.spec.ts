import { describe, expect, test } from '@jest/globals';
import { allocate, sampleSize, type Stratum } from './design.js';
import { estimateWrongMoney, type SampledStratum } from './estimate.js';
import { lowerBound, upperBound } from './mean-bound.js';

describe('the bound of a mean', () => {
  // Discovery sampling: with n items and no error the rate is below 1 − α^(1/n). The sizes are those of every audit manual:
  // ln 0.05 / ln 0.99 = 298.07, / ln 0.98 = 148.28, / ln 0.95 = 58.40; ln 0.10 / ln 0.95 = 44.89.
  test.each([
    [299, 0.05, 0.01],
    [149, 0.05, 0.02],
    [59, 0.05, 0.05],
    [45, 0.1, 0.05],
  ])(
    '%i items without an error, α = %f: the rate is below %f, and one item fewer does not show it',
    (n, alpha, rate) => {
      expect(upperBound(0, n, alpha)).toBeLessThan(rate);
      expect(upperBound(0, n - 1, alpha)).toBeGreaterThan(rate);
      expect(upperBound(0, n, alpha)).toBeCloseTo(1 - alpha ** (1 / n), 12);
    },
  );

  // Against the exact binomial tail: at the bound, k errors or fewer have a probability of α at most (Clopper and Pearson
  // would have it equal), and the bound is not more than a quarter above the exact one.
  test.each([
    [100, 1, 0.047, 0.05],
    [100, 5, 0.1023, 0.05],
    [300, 3, 0.0256, 0.05],
    [50, 10, 0.3176, 0.05],
  ])('%i items with %i errors: above the exact %f', (n, k, exact, alpha) => {
    const bound = upperBound(k / n, n, alpha);
    expect(binomialTail(n, k, exact)).toBeCloseTo(alpha, 2);
    expect(binomialTail(n, k, bound)).toBeLessThanOrEqual(alpha);
    expect(bound).toBeLessThan(exact * 1.35);
  });

  test('both sides mirror each other, and end at 0 and 1', () => {
    expect(lowerBound(0.2, 60, 0.05)).toBeCloseTo(1 - upperBound(0.8, 60, 0.05), 12);
    expect([lowerBound(0, 60, 0.05), upperBound(1, 60, 0.05)]).toEqual([0, 1]);
    expect(lowerBound(0.2, 60, 0.05)).toBeLessThan(0.2);
  });
});

/** P(X ≤ k) for X binomial, added up term by term. */
function binomialTail(n: number, k: number, p: number): number {
  let term = (1 - p) ** n;
  let tail = term;
  for (let i = 1; i <= k; i += 1) {
    term *= ((n - i + 1) / i) * (p / (1 - p));
    tail += term;
  }
  return tail;
}

describe('the standard error', () => {
  // Cochran (1977), the 64 cities: N = 16 and 48, s² = 53,843 and 5,581. Σ N(N−n)s²/n is 1,882,293 for n = 6 and 18
  // (standard error 1,372), and 1,090,827 for n = 12 and 12 (1,044).
  test.each([
    [6, 18, 1372],
    [12, 12, 1044],
  ])('of %i and %i out of 64 cities is %i', (first, second, expected) => {
    const strata = [citiesOf(16, first, 53_843), citiesOf(48, second, 5_581)];
    const { standardError } = estimateWrongMoney(strata, 0.95);
    // Scaled by a million, to keep the fractions of the textbook's squares.
    expect(Number(standardError) / 1e6).toBeCloseTo(expected, -0.5);
    expect(Math.abs(Number(standardError) / 1e6 - expected)).toBeLessThan(1);
  });

  /** n values with exactly this variance: half of them at m + d and half at m − d, s² = n·d²/(n−1). */
  function citiesOf(lines: number, count: number, variance: number): SampledStratum {
    const d = Math.sqrt((variance * (count - 1)) / count);
    const errors = Array.from({ length: count }, (_, index) =>
      BigInt(Math.round((1000 + (index % 2 === 0 ? d : -d)) * 1e6)),
    );
    const amountMax = 2_000_000_000n;
    const [amount, sampledAmount] = [amountMax * BigInt(lines), amountMax * BigInt(count)];
    return { lines, amount, amountMax, sampledAmount, errors };
  }
});

describe('an estimate by hand', () => {
  // Stratum 1: 100 payments of 1,000,000, 10 looked at, one wholly wrong: 100 · 100,000 = 10,000,000.
  // Stratum 2: 4 payments of 5,000,000, all looked at, one short of 2,000,000: 2,000,000, known.
  const strata: SampledStratum[] = [
    {
      ...{ lines: 100, amount: 100_000_000n, amountMax: 1_000_000n, sampledAmount: 10_000_000n },
      errors: [1_000_000n, ...Array<bigint>(9).fill(0n)],
    },
    {
      ...{ lines: 4, amount: 20_000_000n, amountMax: 5_000_000n, sampledAmount: 20_000_000n },
      errors: [2_000_000n, 0n, 0n, 0n],
    },
  ];

  test('mean per unit, and what is known whole adds no uncertainty', () => {
    const found = estimateWrongMoney(strata, 0.9);
    // s² of (1, 0 × 9) is 0.1; √(100² · 0.9 · 0.1 / 10) = √90 = 9.4868 millions.
    expect(found).toMatchObject({ estimate: 12_000_000n, standardError: 9_486_832n, found: 3_000_000n });
    // 100 millions · the bound of one in ten at α = 0.05, and the 2 millions that are known.
    const upper = Math.round(upperBound(0.1, 10, 0.05) * 1e8) + 2_000_000;
    expect(Math.abs(Number(found.upper) - upper)).toBeLessThan(5);
    // Not less than what was found: the bound alone would say 2,000,000 and a few.
    expect(found.lower).toBe(3_000_000n);
  });

  test('all looked at: the truth, and nothing around it', () => {
    expect(estimateWrongMoney([strata[1]!], 0.99)).toEqual({
      ...{ estimate: 2_000_000n, standardError: 0n, lower: 2_000_000n, upper: 2_000_000n, found: 2_000_000n },
    });
  });

  test('nothing wrong found: from none to the bound of discovery sampling', () => {
    const right = [{ ...strata[0]!, errors: Array<bigint>(10).fill(0n) }];
    const { estimate, lower, upper } = estimateWrongMoney(right, 0.9);
    expect([estimate, lower]).toEqual([0n, 0n]);
    expect(Number(upper)).toBeCloseTo(1e8 * (1 - 0.05 ** 0.1), -1);
  });
});

describe('the design', () => {
  const even: Stratum[] = [{ lines: 100_000, amount: 100_000_000_000n, amountMax: 1_000_000n }];

  test('the size is that of discovery sampling where nothing is expected and all amounts are equal', () => {
    // ln 0.025 / ln 0.98 = 182.6
    expect(sampleSize(even, { confidence: 0.95, margin: 0.02, expectedErrorRate: 0 })).toBe(183);
  });

  test('the size keeps its promise: as much wrong as expected, and the upper end lies within the margin', () => {
    for (const expectedErrorRate of [0, 0.005, 0.02]) {
      const size = sampleSize(even, { confidence: 0.95, margin: 0.02, expectedErrorRate });
      const wrong = Math.floor(expectedErrorRate * size);
      const errors = Array.from({ length: size }, (_, index) => (index < wrong ? 1_000_000n : 0n));
      const stratum = { ...even[0]!, errors, sampledAmount: BigInt(size) * 1_000_000n };
      const { upper } = estimateWrongMoney([stratum], 0.95);
      expect(Number(upper) / 1e11).toBeLessThanOrEqual(expectedErrorRate + 0.02 + 1e-6);
    }
  });

  test('a small list is looked at whole', () => {
    const small = [{ lines: 20, amount: 20_000_000n, amountMax: 1_000_000n }];
    expect(sampleSize(small, { confidence: 0.95, margin: 0.01, expectedErrorRate: 0 })).toBe(20);
  });

  test('goes where the money is, with two of each stratum at least and never more than it has', () => {
    const strata: Stratum[] = [
      { lines: 1_000, amount: 1_000_000_000n, amountMax: 1_000_000n },
      { lines: 1_000, amount: 3_000_000_000n, amountMax: 3_000_000n },
      { lines: 1, amount: 10n, amountMax: 10n },
      { lines: 500, amount: 500n, amountMax: 1n },
    ];
    expect(allocate(strata, 40)).toEqual([10, 30, 1, 2]);
  });
});

describe('over 2,000 draws the interval holds the truth at least as often as it says', () => {
  const cases: [string, number, (at: number, next: () => number) => number][] = [
    ['a few payments wholly wrong', 0.9, (_, next) => (next() < 0.02 ? 1 : 0)],
    ['very few wholly wrong', 0.95, (at) => (at % 250 === 7 ? 1 : 0)],
    ['many short of a tenth', 0.9, (_, next) => (next() < 0.3 ? 0.1 : 0)],
    ['one stratum bad, the others good', 0.9, (at) => (at < 150 ? (at % 3 === 0 ? 1 : 0) : 0)],
    ['half of everything missing everywhere', 0.9, () => 0.5],
  ];

  test.each(cases)('%s (%f)', (_, confidence, shareWrong) => {
    const next = randomOf(20_261_125);
    const population = populationOf(shareWrong, next);
    const truth = population.flat().reduce((total, { error }) => total + error, 0n);
    const strata = population.map(stratumOf);
    const sizes = allocate(strata, 120);
    let held = 0;
    for (let draw = 0; draw < 2_000; draw += 1) {
      const sampled = population.map((lines, at) => sampledOf(strata[at]!, lines, sizes[at]!, next));
      const { lower, upper } = estimateWrongMoney(sampled, confidence);
      if (lower <= truth && truth <= upper) held += 1;
    }
    expect(held / 2_000).toBeGreaterThanOrEqual(confidence);
  });
});

interface Line {
  amount: bigint;
  error: bigint;
}

/** Four strata of 150, 600, 1,200 and 50 payments, from 300,000 to 5,000,000 đồng. */
function populationOf(shareWrong: (at: number, next: () => number) => number, next: () => number): Line[][] {
  const bands = [
    [150, 1_000_000],
    [600, 1_000_000],
    [1_200, 300_000],
    [50, 2_500_000],
  ] as const;
  let at = 0;
  return bands.map(([lines, from]) =>
    Array.from({ length: lines }, () => {
      const amount = BigInt(from + Math.floor(next() * from));
      const share = shareWrong(at, next);
      at += 1;
      return { amount, error: (amount * BigInt(Math.round(share * 1_000))) / 1_000n };
    }),
  );
}

function stratumOf(lines: Line[]): Stratum {
  const amounts = lines.map(({ amount }) => amount);
  return {
    lines: lines.length,
    amount: amounts.reduce((total, amount) => total + amount, 0n),
    amountMax: amounts.reduce((most, amount) => (amount > most ? amount : most), 0n),
  };
}

/** The first of a shuffle (Fisher and Yates), which is a simple random sample without replacement. */
function sampledOf(stratum: Stratum, lines: Line[], size: number, next: () => number): SampledStratum {
  const drawn: Line[] = [];
  for (let index = 0; index < size; index += 1) {
    const other = index + Math.floor(next() * (lines.length - index));
    const line = lines[other]!;
    [lines[index], lines[other]] = [line, lines[index]!];
    drawn.push(line);
  }
  return {
    ...stratum,
    errors: drawn.map(({ error }) => error),
    sampledAmount: drawn.reduce((total, { amount }) => total + amount, 0n),
  };
}

/** A small generator (mulberry32): the same numbers on every machine. */
function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
