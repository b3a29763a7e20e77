export const PARTS_PER_MILLION = 1_000_000n;

/**
 * The equal instalment that pays a balance back, as an exact quotient.
 *
 * With `f` the growth of each following period and `G` their product, the balance after the first instalment `A` is
 * `B + I − A`, and after the last one `(B + I)·G − A·S = 0`, where `S` sums the growth of each instalment to the end.
 * @param exact interest of the first period, as a numerator over `denominator`
 * @param following interest that one unit bears in each period after it, over `denominator` too
 */
export function annuityOf(
  balance: bigint,
  exact: bigint,
  following: readonly bigint[],
  denominator: bigint,
): { numerator: bigint; denominator: bigint } {
  let [growth, sum, scale] = [1n, 1n, 1n];
  for (const interest of following) {
    const factor = denominator + interest;
    scale *= denominator;
    growth *= factor;
    sum = sum * factor + scale;
  }
  return { numerator: (balance * denominator + exact) * growth, denominator: denominator * sum };
}
