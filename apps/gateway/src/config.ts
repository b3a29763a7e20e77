import { readConfig } from '@ansinh/service';

const positive = /^[1-9]\d*$/;
const httpUrl = /^https?:\/\//;

const settings = {
  host: { name: 'HOST', fallback: '127.0.0.1' },
  port: { name: 'PORT', fallback: '4000', pattern: /^\d+$/ },
  disbursementsUrl: {
    name: 'SUBGRAPH_DISBURSEMENTS_URL',
    fallback: 'http://127.0.0.1:4001/graphql',
    pattern: httpUrl,
  },
  registryUrl: {
    name: 'SUBGRAPH_REGISTRY_URL',
    fallback: 'http://127.0.0.1:4004/graphql',
    pattern: httpUrl,
  },
  socialProtectionUrl: {
    name: 'SUBGRAPH_SOCIAL_PROTECTION_URL',
    fallback: 'http://127.0.0.1:4005/graphql',
    pattern: httpUrl,
  },
  employmentLoansUrl: {
    name: 'SUBGRAPH_EMPLOYMENT_LOANS_URL',
    fallback: 'http://127.0.0.1:4006/graphql',
    pattern: httpUrl,
  },
  // By it the gateway tells its callers apart; subgraphs verify for themselves.
  issuer: { name: 'OIDC_ISSUER', fallback: 'none', pattern: /^(none|https?:\/\/.*)$/ },
  // Longer than the slowest command, the approval of 604,000 lines.
  subgraphTimeoutMs: { name: 'SUBGRAPH_TIMEOUT_MS', fallback: '120000', pattern: positive },
};

export interface Config {
  host: string;
  port: number;
  subgraphTimeoutMs: number;
  /** Null: callers are told apart by their addresses alone. */
  issuer: string | null;
  /** Where each subgraph answers, by its name in the supergraph. */
  urls: Record<string, string>;
}

/** @throws Error listing every variable that is missing or malformed */
export function loadConfig(environment: NodeJS.ProcessEnv = process.env): Config {
  const { host, port, issuer, subgraphTimeoutMs, ...urls } = readConfig(settings, environment);
  return {
    host,
    port: Number(port),
    subgraphTimeoutMs: Number(subgraphTimeoutMs),
    issuer: issuer === 'none' ? null : issuer,
    urls: {
      disbursements: urls.disbursementsUrl,
      registry: urls.registryUrl,
      'social-protection': urls.socialProtectionUrl,
      'employment-loans': urls.employmentLoansUrl,
    },
  };
}
