import autocannon from 'autocannon';

export interface Load {
  connections: number;
  seconds: number;
}

/** What came of asking one address as fast as it answers. Times in milliseconds. */
export interface LoadResult {
  requestsPerSecond: number;
  p50: number;
  p975: number;
  p99: number;
}

/**
 * Asks as fast as answers come; each connection goes through `requests` in turn.
 * @throws Error when one answer was not a 2xx: then the others say nothing of the speed
 */
export async function askAtFullSpeed(
  url: string,
  requests: autocannon.Request[],
  { connections, seconds }: Load,
): Promise<LoadResult> {
  const result = await autocannon({ url, requests, connections, duration: seconds });
  const failed = result.non2xx + result.errors + result.timeouts;
  if (failed > 0) throw new Error(`${url}: ${failed} of ${result.requests.total} requests failed`);
  return {
    requestsPerSecond: result.requests.average,
    p50: result.latency.p50,
    p975: result.latency.p97_5,
    p99: result.latency.p99,
  };
}
