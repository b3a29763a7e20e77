import { ApolloDriver, type ApolloDriverConfig } from '@nestjs/apollo';
import { type DynamicModule, Module, type Provider } from '@nestjs/common';
import { GraphQLModule } from '@nestjs/graphql';
import { TokenVerifier } from '@ansinh/auth';
import { gatewayOptions } from '@ansinh/graphql';
import { HealthModule, type ReadyCheck } from '@ansinh/service';
import type { Config } from './config.js';
import { executableSchema } from './supergraph.js';

const readySecondsMax = 2;

/** One graph over all services. It keeps nothing and decides nothing: subgraphs verify the token and the permissions. */
@Module({})
export class GatewayModule {
  static over(supergraphSdl: string, config: Config): DynamicModule {
    return {
      module: GatewayModule,
      imports: [
        GraphQLModule.forRoot<ApolloDriverConfig>({
          driver: ApolloDriver,
          ...gatewayOptions(executableSchema(supergraphSdl, config)),
        }),
        HealthModule.withChecks([], () => readyChecks(config.urls)),
      ],
      providers: config.issuer === null ? [] : [verifierFor(config.issuer)],
    };
  }
}

/** Counts requests by caller; a token that does not verify is still forwarded, for the subgraph to refuse. */
function verifierFor(issuer: string): Provider {
  return { provide: TokenVerifier, useFactory: () => new TokenVerifier(issuer, 'ansinh') };
}

function readyChecks(urls: Config['urls']): Record<string, ReadyCheck> {
  return Object.fromEntries(Object.entries(urls).map(([name, url]) => [name, () => checkReady(url)]));
}

async function checkReady(url: string): Promise<void> {
  const answer = await fetch(new URL('/health/ready', url), {
    signal: AbortSignal.timeout(readySecondsMax * 1_000),
  });
  await answer.body?.cancel();
  if (!answer.ok) throw new Error(`answered ${answer.status}`);
}
