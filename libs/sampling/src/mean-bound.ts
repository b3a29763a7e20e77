/**
 * Bounds of the mean of bounded observations that hold for every number of observations and every distribution.
 *
 * For independent X₁…Xₙ in [0, 1] whose means average to μ, P(X̄ ≤ x) ≤ exp(−n·D(x‖μ)) for x ≤ μ, with
 * D(x‖μ) = x·ln(x/μ) + (1−x)·ln((1−x)/(1−μ)): W. Hoeffding, Probability inequalities for sums of bounded random
 * variables, JASA 58 (1963), theorem 1. The observations need not be alike, and by his theorem 4 it also holds for those
 * that are drawn without replacement. Without any error found it is the formula of discovery sampling, 1 − α^(1/n).
 */
export function upperBound(mean: number, count: number, alpha: number): number {
  let [low, high] = [mean, 1];
  // 60 halvings are finer than a double; the end that still holds is given back.
  for (let step = 0; step < 60; step += 1) {
    const middle = (low + high) / 2;
    if (count * divergence(mean, middle) <= -Math.log(alpha)) low = middle;
    else high = middle;
  }
  return high;
}

/** The other side: with the same probability at least, the mean is not below this. */
export function lowerBound(mean: number, count: number, alpha: number): number {
  return 1 - upperBound(1 - mean, count, alpha);
}

/** Of two Bernoulli distributions (Kullback and Leibler), in nats. */
function divergence(x: number, mu: number): number {
  const part = (a: number, b: number) => (a === 0 ? 0 : b === 0 ? Infinity : a * Math.log(a / b));
  return part(x, mu) + part(1 - x, 1 - mu);
}
