import { pathToFileURL } from 'node:url';
import { freePorts } from './ports.js';
import type { Secrets } from './secrets.js';

/** Everything of the suite that listens, with its usual port and the variable by which another one is chosen. */
const PORTS = {
  gateway: { usual: 4000, variable: 'GATEWAY_PORT' },
  disbursements: { usual: 4001, variable: 'DISBURSEMENTS_PORT' },
  worker: { usual: 4011, variable: 'WORKER_PORT' },
  registry: { usual: 4004, variable: 'REGISTRY_PORT' },
  registryWorker: { usual: 4014, variable: 'REGISTRY_WORKER_PORT' },
  socialProtection: { usual: 4005, variable: 'SOCIAL_PROTECTION_PORT' },
  employmentLoans: { usual: 4006, variable: 'EMPLOYMENT_LOANS_PORT' },
  socialProtectionWorker: { usual: 4015, variable: 'SOCIAL_PROTECTION_WORKER_PORT' },
  employmentLoansWorker: { usual: 4016, variable: 'EMPLOYMENT_LOANS_WORKER_PORT' },
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
  databaseUrls: Record<
    'disbursements' | 'registry' | 'socialProtection' | 'employmentLoans' | 'bank',
    string
  >;
  redisUrl: string | undefined;
  /** Whether the issuer gives a token for the secret by which the worker asks. */
  followsRegistry: boolean;
  /** Whether it gives one for the secret of the employment loans. */
  paysLoans: boolean;
  /** The same of the secret of the social protection. */
  paysSupport: boolean;
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
  'registryWorker',
  'socialProtection',
  'employmentLoans',
  'socialProtectionWorker',
  'employmentLoansWorker',
];

/** The processes of the suite in the order in which they depend on each other. */
export function planServices(input: PlanInput): ServicePlan[] {
  return [...moneyPath(input), ...registry(input), ...programmes(input), gateway(input)];
}

function moneyPath(input: PlanInput): ServicePlan[] {
  const { ports, secrets, databaseUrls, redisUrl, followsRegistry } = input;
  const { AUDIT_SIGNING_KEY, BANK_API_TOKEN, REGISTRY_CLIENT_SECRET } = secrets;
  const disbursements = {
    ...keeper(input, databaseUrls.disbursements),
    BANK_API_TOKEN,
    BANK_URL: local(ports, 'bank'),
    ...(redisUrl ? { REDIS_URL: redisUrl } : {}),
  };
  const plan = planner(input);
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
      ...(followsRegistry && { REGISTRY_URL: local(ports, 'registry'), REGISTRY_CLIENT_SECRET }),
    }),
  ];
}

function registry(input: PlanInput): ServicePlan[] {
  const { AUDIT_SIGNING_KEY } = input.secrets;
  const own = {
    ...keeper(input, input.databaseUrls.registry),
    OBJECT_STORE: pathToFileURL(input.objectDirectory).href,
  };
  const plan = planner(input);
  return [
    plan('registry', 'apps/registry/dist/main.js', 'registry', own),
    plan('registry-worker', 'apps/registry/dist/main.worker.js', 'registryWorker', {
      ...own,
      AUDIT_SIGNING_KEY,
    }),
  ];
}

function programmes(input: PlanInput): ServicePlan[] {
  const { AUDIT_SIGNING_KEY, SOCIAL_PROTECTION_CLIENT_SECRET, EMPLOYMENT_LOANS_CLIENT_SECRET } =
    input.secrets;
  const DISBURSEMENTS_URL = local(input.ports, 'disbursements');
  const support = keeper(input, input.databaseUrls.socialProtection);
  const lending = keeper(input, input.databaseUrls.employmentLoans);
  const plan = planner(input);
  const supportWorker = () =>
    plan('social-protection-worker', 'apps/social-protection/dist/main.worker.js', 'socialProtectionWorker', {
      ...support,
      DISBURSEMENTS_URL,
      REGISTRY_URL: local(input.ports, 'registry'),
      SOCIAL_PROTECTION_CLIENT_SECRET,
      AUDIT_SIGNING_KEY,
    });
  return [
    plan('social-protection', 'apps/social-protection/dist/main.js', 'socialProtection', support),
    ...(input.paysSupport ? [supportWorker()] : []),
    plan('employment-loans', 'apps/employment-loans/dist/main.js', 'employmentLoans', {
      ...lending,
      ...(input.paysLoans && {
        DISBURSEMENTS_URL,
        REGISTRY_URL: local(input.ports, 'registry'),
        EMPLOYMENT_LOANS_CLIENT_SECRET,
      }),
    }),
    plan('employment-loans-worker', 'apps/employment-loans/dist/main.worker.js', 'employmentLoansWorker', {
      ...lending,
      AUDIT_SIGNING_KEY,
      ...(input.redisUrl ? { REDIS_URL: input.redisUrl } : {}),
    }),
  ];
}

function gateway(input: PlanInput): ServicePlan {
  const graph = (listener: Listener) => `${local(input.ports, listener)}/graphql`;
  return planner(input)('gateway', 'apps/gateway/dist/main.js', 'gateway', {
    SUBGRAPH_DISBURSEMENTS_URL: graph('disbursements'),
    SUBGRAPH_REGISTRY_URL: graph('registry'),
    SUBGRAPH_SOCIAL_PROTECTION_URL: graph('socialProtection'),
    SUBGRAPH_EMPLOYMENT_LOANS_URL: graph('employmentLoans'),
    OIDC_ISSUER: input.issuerUrl,
  });
}

const local = (ports: Ports, listener: Listener) => `http://127.0.0.1:${ports[listener]}`;

/** What a service is told that keeps people in a database of its own. */
function keeper({ issuerUrl, secrets }: PlanInput, databaseUrl: string): Record<string, string> {
  const { SEALING_KEYS, LOOKUP_KEY } = secrets;
  return { DATABASE_URL: databaseUrl, OIDC_ISSUER: issuerUrl, SEALING_KEYS, LOOKUP_KEY };
}

/** What every process of the suite is told: where it listens, and by which port it is watched. */
function planner({ ports, metricsPort }: PlanInput) {
  return (name: string, script: string, listener: Listener, own: Record<string, string>): ServicePlan => ({
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
}
