import { pathToFileURL } from 'node:url';
import { freePorts } from './ports.js';
import type { Secrets } from './secrets.js';

/** Everything of the suite that listens, with its usual port and the variable by which another one is chosen. */
const PORTS = {
  gateway: { usual: 4000, variable: 'GATEWAY_PORT' },
  disbursements: { usual: 4001, variable: 'DISBURSEMENTS_PORT' },
  worker: { usual: 4011, variable: 'WORKER_PORT' },
  registry: { usual: 4004, variable: 'REGISTRY_PORT' },
  socialProtection: { usual: 4005, variable: 'SOCIAL_PROTECTION_PORT' },
  socialProtectionWorker: { usual: 4015, variable: 'SOCIAL_PROTECTION_WORKER_PORT' },
  bank: { usual: 4002, variable: 'BANK_PORT' },
  issuer: { usual: 4003, variable: 'ISSUER_PORT' },
  postgres: { usual: 4432, variable: 'POSTGRES_PORT' },
} as const;

export type Listener = keyof typeof PORTS;
export type Ports = Record<Listener, number>;

const LISTENERS = Object.keys(PORTS) as Listener[];

export function portVariable(listener: Listener): string {
  return PORTS[listener].variable;
}

/** The usual ports or those of the environment; or, for a run beside others, any free ones. */
export async function choosePorts(kind: 'usual' | 'free', environment = process.env): Promise<Ports> {
  const free = kind === 'free' ? await freePorts(LISTENERS.length) : [];
  const chosen = LISTENERS.map((listener, index) => {
    const { usual, variable } = PORTS[listener];
    return [listener, free[index] ?? Number(environment[variable] || usual)] as const;
  });
  return Object.fromEntries(chosen) as Ports;
}

/** A process of the suite: the file that runs it and what it is told. */
export interface ServicePlan {
  name: string;
  script: string;
  listener: Listener;
  environment: Record<string, string>;
}

export interface PlanInput {
  ports: Ports;
  secrets: Secrets;
  issuerUrl: string;
  databaseUrls: Record<'disbursements' | 'registry' | 'socialProtection' | 'bank', string>;
  redisUrl: string | undefined;
  /** Whether the issuer gives a token for the secret by which the worker asks. */
  followsRegistry: boolean;
  /** The same of the secret by which the social protection sends payment lists. */
  paysAsProgramme: boolean;
  /** Folder of the files of dossiers. */
  objectDirectory: string;
  /** Of the API; the others have the ports after it. Undefined: nobody serves metrics. */
  metricsPort: number | undefined;
}

const metricsListeners: readonly Listener[] = [
  'disbursements',
  'worker',
  'gateway',
  'bank',
  'registry',
  'socialProtection',
  'socialProtectionWorker',
];

/** The processes of the suite in the order in which they depend on each other. */
export function planServices({
  ports,
  secrets,
  issuerUrl,
  databaseUrls,
  redisUrl,
  followsRegistry,
  paysAsProgramme,
  objectDirectory,
  metricsPort,
}: PlanInput): ServicePlan[] {
  const { AUDIT_SIGNING_KEY, REGISTRY_CLIENT_SECRET, SOCIAL_PROTECTION_CLIENT_SECRET, ...shared } = secrets;
  const { BANK_API_TOKEN, SEALING_KEYS, LOOKUP_KEY } = secrets;
  const local = (listener: Listener) => `http://127.0.0.1:${ports[listener]}`;
  const disbursements = {
    ...shared,
    DATABASE_URL: databaseUrls.disbursements,
    OIDC_ISSUER: issuerUrl,
    BANK_URL: local('bank'),
    ...(redisUrl ? { REDIS_URL: redisUrl } : {}),
  };
  const socialProtection = {
    DATABASE_URL: databaseUrls.socialProtection,
    OIDC_ISSUER: issuerUrl,
    SEALING_KEYS,
    LOOKUP_KEY,
  };
  const plan = (
    name: string,
    script: string,
    listener: Listener,
    own: Record<string, string>,
  ): ServicePlan => ({
    name,
    script,
    listener,
    environment: {
      ...own,
      HOST: '127.0.0.1',
      PORT: String(ports[listener]),
      ...(metricsPort !== undefined && {
        METRICS_PORT: String(metricsPort + metricsListeners.indexOf(listener)),
      }),
    },
  });
  return [
    plan('bank-simulator', 'apps/bank-simulator/dist/main.js', 'bank', {
      DATABASE_URL: databaseUrls.bank,
      BANK_API_TOKEN,
    }),
    plan('disbursements', 'apps/disbursements/dist/main.js', 'disbursements', disbursements),
    plan('disbursements-worker', 'apps/disbursements/dist/main.worker.js', 'worker', {
      ...disbursements,
      // The API cannot sign: who breaks into it cannot either.
      AUDIT_SIGNING_KEY,
      ...(followsRegistry && { REGISTRY_URL: local('registry'), REGISTRY_CLIENT_SECRET }),
    }),
    plan('registry', 'apps/registry/dist/main.js', 'registry', {
      DATABASE_URL: databaseUrls.registry,
      OIDC_ISSUER: issuerUrl,
      SEALING_KEYS,
      LOOKUP_KEY,
      OBJECT_STORE: pathToFileURL(objectDirectory).href,
    }),
    plan('social-protection', 'apps/social-protection/dist/main.js', 'socialProtection', socialProtection),
    ...(paysAsProgramme
      ? [
          plan(
            'social-protection-worker',
            'apps/social-protection/dist/main.worker.js',
            'socialProtectionWorker',
            {
              ...socialProtection,
              DISBURSEMENTS_URL: local('disbursements'),
              SOCIAL_PROTECTION_CLIENT_SECRET,
            },
          ),
        ]
      : []),
    plan('gateway', 'apps/gateway/dist/main.js', 'gateway', {
      SUBGRAPH_DISBURSEMENTS_URL: `${local('disbursements')}/graphql`,
      SUBGRAPH_REGISTRY_URL: `${local('registry')}/graphql`,
      SUBGRAPH_SOCIAL_PROTECTION_URL: `${local('socialProtection')}/graphql`,
      OIDC_ISSUER: issuerUrl,
    }),
  ];
}
