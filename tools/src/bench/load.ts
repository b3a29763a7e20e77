import autocannon from 'autocannon';

export interface Load {
  connections: number;
  seconds: number;
  /** As many requests a second over all connections; without it each asks as soon as it was answered. */
  perSecond?: number;
}

/** What came of asking one address. Times in milliseconds. */
export interface LoadResult {
  requestsPerSecond: number;
  p50: number;
  p95: number;
  p99: number;
}

/**
 * Each connection goes through all of `requests`, and begins with another one: people who work beside each other do not ask the
 * same at the same moment.
 * @throws Error when one answer was not a 2xx: then the others say nothing of the speed
 */
export async function askUnderLoad(
  url: string,
  requests: autocannon.Request[],
  { connections, seconds, perSecond }: Load,
): Promise<LoadResult> {
  const took: number[] = [];
  let clients = 0;
  const setupClient = (client: autocannon.Client) => {
    const first = Math.floor((clients * requests.length) / connections);
    clients += 1;
    client.setRequests([...requests.slice(first), ...requests.slice(0, first)]);
  };
  const pace = perSecond === undefined ? {} : { overallRate: perSecond };
  const asked = { url, requests, connections, duration: seconds, setupClient, ...pace };
  const result = await new Promise<autocannon.Result>((resolve, reject) => {
    autocannon(asked, (error: unknown, ended) => (error ? reject(error as Error) : resolve(ended))).on(
      'response',
      (_client, _status, _bytes, milliseconds) => took.push(milliseconds),
    );
  });
  const failed = result.non2xx + result.errors + result.timeouts;
  if (failed > 0) throw new Error(`${url}: ${failed} of ${result.requests.total} requests failed`);
  return { requestsPerSecond: result.requests.average, ...latencyOf(took) };
}

/** @param took milliseconds, in any order */
export function latencyOf(took: readonly number[]): Record<'p50' | 'p95' | 'p99', number> {
  const inOrder = Float64Array.from(took).sort();
  const at = (share: number) => inOrder[Math.floor(inOrder.length * share)] ?? 0;
  return { p50: at(0.5), p95: at(0.95), p99: at(0.99) };
}
