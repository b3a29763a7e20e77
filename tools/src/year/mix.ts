import type { Random } from '@ansinh/samples';

/** One way in which the law grants something: its amount is what the law gives for its facts. */
export interface Share {
  /** đồng */
  amount: bigint;
  /** How often it is met, beside the others. */
  weight: number;
}

export interface Target {
  /** How many are granted something, together. */
  count: number;
  /** What they are granted together: at least this, and below that. */
  atLeast: bigint;
  below: bigint;
}

/**
 * How many people are granted which of some lawful amounts, so that the published sum follows: begins with the weights, and then moves
 * people from one amount to another, the widest step first, until the sum lies between the bounds. Where no sum of so many lawful
 * amounts lies there (a small scale), it is the first one above.
 * @throws RangeError where the bounds are out of reach for so many people
 */
export function solveMix(
  shares: readonly Share[],
  { count, atLeast, below }: Target,
  random: Random,
): number[] {
  const weights = shares.reduce((sum, { weight }) => sum + weight, 0);
  const counts = shares.map(({ weight }) => Math.floor((count * weight) / weights));
  counts[0]! += count - counts.reduce((sum, each) => sum + each, 0);
  const width = below - atLeast;
  const wanted = atLeast + (width * BigInt(random.below(500_000))) / 1_000_000n;
  for (const step of stepsOf(shares)) {
    const missing = wanted - sumOf(shares, counts);
    const [from, to] = missing >= 0n ? [step.low, step.high] : [step.high, step.low];
    const moved = minimum((missing >= 0n ? missing : -missing) / step.gain, counts[from]!);
    counts[from]! -= moved;
    counts[to]! += moved;
  }
  const smallest = stepsOf(shares).at(-1)!;
  while (sumOf(shares, counts) < atLeast) {
    if (counts[smallest.low] === 0)
      throw new RangeError(`${count} people cannot be granted ${atLeast} by these`);
    counts[smallest.low]! -= 1;
    counts[smallest.high]! += 1;
  }
  return counts;
}

export const sumOf = (shares: readonly Share[], counts: readonly number[]): bigint =>
  shares.reduce((sum, { amount }, index) => sum + amount * BigInt(counts[index]!), 0n);

/** Every pair of different amounts, the widest apart first. */
function stepsOf(shares: readonly Share[]): { low: number; high: number; gain: bigint }[] {
  const pairs = shares.flatMap(({ amount }, low) =>
    shares.flatMap((other, high) =>
      other.amount > amount ? [{ low, high, gain: other.amount - amount }] : [],
    ),
  );
  return pairs.sort((one, other) => (one.gain > other.gain ? -1 : one.gain < other.gain ? 1 : 0));
}

const minimum = (steps: bigint, people: number) => (steps < BigInt(people) ? Number(steps) : people);

/** Deals out so many of each in a seeded order, every one of them once. */
export class Deal {
  private readonly left: number[];

  constructor(
    counts: readonly number[],
    private readonly random: Random,
  ) {
    this.left = [...counts];
  }

  get rest(): number {
    return this.left.reduce((sum, each) => sum + each, 0);
  }

  /** @returns the index of one of those that are left */
  draw(): number {
    let place = this.random.below(this.rest);
    for (const [index, left] of this.left.entries()) {
      if (place < left) {
        this.left[index]! -= 1;
        return index;
      }
      place -= left;
    }
    throw new RangeError('Nothing is left');
  }
}
