import { type Bilingual, say, startSuite, type Suite } from '@ansinh/embedded';
import { tell, WORKSPACE } from '../command.js';
import { tokenFor } from '../demo/sign-in.js';
import { secondsOf } from './clock.js';
import { askUnderLoad, type Load, type LoadResult } from './load.js';
import { fillStore, type Store } from './stored-payments.js';

export interface ReadsReport extends Load {
  payments: number;
  batches: number;
  fillSeconds: number;
  results: {
    /** The service asked for nothing: what framework and machine give at most. */
    live: LoadResult;
    batch: LoadResult;
    payee: LoadResult;
  };
  peakRssMb: number;
}

interface ReadsOptions extends Load {
  payments: number;
}

/** `GET /v1/batches/{id}` and `GET /v1/payments?payeeId=` over a full store, at many connections. */
export async function measureReads(
  { payments, connections, seconds }: ReadsOptions,
  signal: AbortSignal,
): Promise<ReadsReport> {
  const suite = await startSuite({
    workspace: WORKSPACE,
    persistent: false,
    ports: 'free',
    without: ['gateway', 'worker', 'registryWorker', 'bank'],
    environment: { LOG_LEVEL: 'warn', RATE_LIMIT_PER_MINUTE: '100000000' },
    onProgress: tell,
    signal,
  });
  try {
    let store: Store | undefined;
    tell({ vi: `Ghi ${payments} khoản chi`, en: `Writing ${payments} payments` });
    const fillSeconds = await secondsOf(async () => (store = await fillStore(suite, payments)));
    const load = { connections, seconds };
    const results = await askAll(suite, store!, load, signal);
    const service = suite.services.find(({ name }) => name === 'disbursements')!;
    return {
      ...load,
      payments,
      batches: store!.batchIds.length,
      fillSeconds,
      results,
      peakRssMb: Math.ceil(service.peakRssMb()),
    };
  } finally {
    await suite.stop();
  }
}

async function askAll(
  suite: Suite,
  { batchIds, payeeIds }: Store,
  load: Load,
  signal: AbortSignal,
): Promise<ReadsReport['results']> {
  const headers = { authorization: `Bearer ${await tokenFor(suite, 'integrator')}` };
  const ask = async (paths: string[]) => {
    signal.throwIfAborted();
    const requests = paths.map((path) => ({ path, headers }));
    // A round that does not count: connections, prepared statements and pages of the database are there afterwards.
    await askUnderLoad(suite.addresses.disbursements, requests, { ...load, seconds: 2 });
    return askUnderLoad(suite.addresses.disbursements, requests, load);
  };
  return {
    live: await ask(['/health/live']),
    batch: await ask(batchIds.map((id) => `/v1/batches/${id}`)),
    payee: await ask(payeeIds.map((id) => `/v1/payments?payeeId=${id}`)),
  };
}

/** The report for people, in the language of their terminal. */
export function tableOfReads({ payments, batches, connections, results, peakRssMb }: ReadsReport): string {
  const row = (title: Bilingual, { requestsPerSecond, p50, p99 }: LoadResult) =>
    `${say(title).padEnd(44)}${requestsPerSecond.toFixed(0).padStart(8)}${p50.toFixed(1).padStart(8)}${p99.toFixed(1).padStart(8)}` +
    `${(results.live.requestsPerSecond / requestsPerSecond).toFixed(1).padStart(10)} ×`;
  return [
    say({
      vi: `${payments.toLocaleString('en')} khoản chi trong ${batches} lô, ${connections} kết nối`,
      en: `${payments.toLocaleString('en')} payments in ${batches} batches, ${connections} connections`,
    }),
    `${''.padEnd(44)}${'req/s'.padStart(8)}${'p50 ms'.padStart(8)}${'p99 ms'.padStart(8)}${'live / it'.padStart(12)}`,
    row({ vi: 'GET /health/live', en: 'GET /health/live' }, results.live),
    row({ vi: 'GET /v1/batches/{id}', en: 'GET /v1/batches/{id}' }, results.batch),
    row({ vi: 'GET /v1/payments?payeeId=', en: 'GET /v1/payments?payeeId=' }, results.payee),
    `RSS: ${peakRssMb} MB`,
  ].join('\n');
}
