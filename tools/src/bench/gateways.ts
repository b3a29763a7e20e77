import { fileURLToPath } from 'node:url';
import { join } from 'node:path';
import { freePort, say, startService, startSuite, type Suite } from '@ansinh/embedded';
import { tell, WORKSPACE } from '../command.js';
import { tokenFor } from '../demo/sign-in.js';
import { askUnderLoad, type Load, type LoadResult } from './load.js';
import { fillStore } from './stored-payments.js';

const rounds = 2;
const payments = 50_000;
// Small, so that it is the gateways that are measured and not the service behind them.
const query = '{ batches(first: 1) { edges { node { code state } } } }';

type Asked = 'ours' | 'apollo' | 'subgraph';

export interface GatewaysReport extends Load {
  /** Of each round, in the order in which they were asked. */
  rounds: Record<Asked, LoadResult>[];
  /** Requests a second, mean of the rounds. */
  means: Record<Asked, number>;
}

/** Our gateway, `@apollo/gateway` and the subgraph itself, asked the same query over the same supergraph in turn. */
export async function measureGateways(load: Load, signal: AbortSignal): Promise<GatewaysReport> {
  const suite = await startSuite({
    workspace: WORKSPACE,
    persistent: false,
    ports: 'free',
    without: ['worker', 'registryWorker', 'bank'],
    environment: { LOG_LEVEL: 'warn', RATE_LIMIT_PER_MINUTE: '100000000' },
    onProgress: tell,
    signal,
  });
  try {
    await fillStore(suite, payments);
    const apollo = await startApollo(suite, signal);
    try {
      return reportOf(load, await askInTurn(suite, apollo.url, load, signal));
    } finally {
      await apollo.stop();
    }
  } finally {
    await suite.stop();
  }
}

async function startApollo(
  suite: Suite,
  signal: AbortSignal,
): Promise<{ url: string; stop: () => Promise<unknown> }> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const service = await startService({
    name: 'apollo-gateway',
    script: fileURLToPath(new URL('apollo-gateway.js', import.meta.url)),
    args: [
      join(WORKSPACE, 'apps/gateway/supergraph.graphql'),
      `${suite.addresses.disbursements}/graphql`,
      String(port),
    ],
    environment: { ...process.env, NODE_ENV: 'production' },
    logFile: join(suite.stateDirectory, 'apollo-gateway.log'),
    readyUrl: `${url}/health/ready`,
    signal,
  });
  return { url, stop: () => service.stop() };
}

async function askInTurn(
  suite: Suite,
  apollo: string,
  load: Load,
  signal: AbortSignal,
): Promise<GatewaysReport['rounds']> {
  const body = JSON.stringify({ query });
  const headers = {
    authorization: `Bearer ${await tokenFor(suite, 'integrator')}`,
    'content-type': 'application/json',
  };
  const request = { method: 'POST' as const, path: '/graphql', headers, body };
  const urls = { ours: suite.addresses.gateway, apollo, subgraph: suite.addresses.disbursements };
  await requireOneAnswer(urls, request);
  const ask = (asked: Asked, seconds: number) => {
    signal.throwIfAborted();
    tell({ vi: `Hỏi ${asked}, ${seconds} giây`, en: `Asking ${asked} for ${seconds} seconds` });
    return askUnderLoad(urls[asked], [request], { ...load, seconds });
  };
  // Not counted: code is compiled and plans are cached afterwards.
  for (const asked of ['ours', 'apollo', 'subgraph'] as const) await ask(asked, 3);
  const results: GatewaysReport['rounds'] = [];
  for (let round = 0; round < rounds; round += 1) {
    results.push({
      ours: await ask('ours', load.seconds),
      apollo: await ask('apollo', load.seconds),
      subgraph: await ask('subgraph', load.seconds),
    });
  }
  return results;
}

/** A gateway that answers with an error answers fast. @throws Error unless all three say the same */
async function requireOneAnswer(
  urls: Record<Asked, string>,
  { headers, body }: { headers: Record<string, string>; body: string },
): Promise<void> {
  const answers = await Promise.all(
    Object.values(urls).map(async (url) =>
      JSON.stringify(await (await fetch(`${url}/graphql`, { method: 'POST', headers, body })).json()),
    ),
  );
  const isSame = answers.every((answer) => answer === answers[0]);
  if (!isSame || answers[0]!.includes('"errors"'))
    throw new Error(`the answers differ:\n${answers.join('\n')}`);
}

function reportOf(load: Load, results: GatewaysReport['rounds']): GatewaysReport {
  const meanOf = (asked: Asked) =>
    results.reduce((sum, round) => sum + round[asked].requestsPerSecond, 0) / results.length;
  const means = { ours: meanOf('ours'), apollo: meanOf('apollo'), subgraph: meanOf('subgraph') };
  return { connections: load.connections, seconds: load.seconds, rounds: results, means };
}

/** The report for people, in the language of their terminal. */
export function tableOfGateways({ connections, rounds: results, means }: GatewaysReport): string {
  const names: Record<Asked, string> = {
    ours: say({ vi: 'cổng của ta', en: 'our gateway' }),
    apollo: '@apollo/gateway',
    subgraph: say({ vi: 'hỏi thẳng dịch vụ', en: 'the subgraph itself' }),
  };
  const row = (asked: Asked) =>
    names[asked].padEnd(24) +
    results.map((round) => round[asked].requestsPerSecond.toFixed(0).padStart(9)).join('') +
    means[asked].toFixed(0).padStart(9) +
    String(results.at(-1)![asked].p99).padStart(9);
  return [
    say({
      vi: `${connections} kết nối, yêu cầu mỗi giây`,
      en: `${connections} connections, requests a second`,
    }),
    `${''.padEnd(24)}${results.map((_, index) => `#${index + 1}`.padStart(9)).join('')}${'mean'.padStart(9)}${'p99 ms'.padStart(9)}`,
    row('ours'),
    row('apollo'),
    row('subgraph'),
    `${say({ vi: 'cổng của ta / @apollo/gateway', en: 'our gateway / @apollo/gateway' })}: ${(means.ours / means.apollo).toFixed(2)} ×`,
  ].join('\n');
}
