/** `up` and `down` are away from and towards zero. Where the law names none, it is a setting. */
type RoundingMode = 'halfUp' | 'halfEven' | 'up' | 'down';

export interface Rounding {
  mode: RoundingMode;
  /** The result is a multiple of it: 1 for whole đồng, 100 for hundreds. */
  unit: bigint;
}

/**
 * A quotient of whole numbers, rounded once: what is exact is kept as a numerator over a denominator until then, so that no part
 * of a đồng is lost or gained on the way. @throws RangeError below zero, and for a unit that is none
 */
export function roundQuotient(numerator: bigint, denominator: bigint, { mode, unit }: Rounding): bigint {
  if (numerator < 0n || denominator <= 0n || unit <= 0n)
    throw new RangeError(`Not an amount to round: ${numerator}/${denominator} to ${unit}`);
  const step = denominator * unit;
  const whole = numerator / step;
  return (goesUp(whole, numerator % step, step, mode) ? whole + 1n : whole) * unit;
}

function goesUp(whole: bigint, rest: bigint, step: bigint, mode: RoundingMode): boolean {
  switch (mode) {
    case 'down':
      return false;
    case 'up':
      return rest > 0n;
    case 'halfUp':
      return 2n * rest >= step;
    case 'halfEven':
      return 2n * rest > step || (2n * rest === step && whole % 2n === 1n);
  }
}
