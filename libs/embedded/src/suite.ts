import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import {
  databaseUrl,
  dropDatabases,
  dropServiceLogin,
  ensureDatabases,
  ensureServiceLogin,
} from './databases.js';
import { DEMO_USERS, type DemoUser, programmeService, registryFollower } from './demo-users.js';
import { stateDirectory, throwawayDirectory } from './directories.js';
import { FriendlyError, type Bilingual } from './friendly-error.js';
import { startIssuer } from './issuer.js';
import { assertPortFree } from './ports.js';
import { startPostgres } from './postgres.js';
import { findRedis } from './redis.js';
import { claimDirectory, recordServices, releaseDirectory } from './run-record.js';
import { loadSecrets, type Secrets } from './secrets.js';
import { runToEnd, startService, type ServiceEnd, type ServiceProcess } from './service-process.js';
import {
  choosePorts,
  planServices,
  portVariable,
  type Listener,
  type Ports,
  type ServicePlan,
} from './suite-settings.js';

export interface SuiteOptions {
  /** Root of the workspace, with its apps built. */
  workspace: string;
  /** true: state is kept from start to start, under `.ansinh/`. false: everything is thrown away at the end. */
  persistent: boolean;
  /** Where the state goes, if not there. */
  directory?: string;
  /** `free` lets a run stand beside another one. */
  ports: 'usual' | 'free';
  /** Processes to leave out, e.g. the gateway for a measurement. */
  without?: readonly Listener[];
  /** Settings for all processes, over those chosen here. */
  environment?: Record<string, string>;
  onProgress?: (step: Bilingual) => void;
  /** Gives the start up, or what has been started of it. */
  signal?: AbortSignal;
}

export interface Suite {
  readonly addresses: Record<
    Exclude<
      Listener,
      'worker' | 'registryWorker' | 'socialProtectionWorker' | 'employmentLoansWorker' | 'postgres'
    >,
    string
  >;
  readonly databaseUrls: Record<
    'disbursements' | 'registry' | 'socialProtection' | 'employmentLoans' | 'bank',
    string
  >;
  /** Databases under the owner of their tables, who stands above the policies of offices. */
  readonly ownerUrls: Record<string, string>;
  readonly redisUrl: string | undefined;
  /** Who can sign in at the local issuer; nobody when OIDC_ISSUER names another one. */
  readonly demoUsers: readonly DemoUser[];
  readonly secrets: Secrets;
  readonly stateDirectory: string;
  readonly services: readonly ServiceProcess[];
  /** Settles when a service ends although nobody has stopped it. */
  readonly failure: Promise<{ service: ServiceProcess; end: ServiceEnd }>;
  /** The largest resident set of each service so far, in MiB. */
  peakRssMb(): Record<string, number>;
  /** In reverse order of the start; waits until every process is gone. */
  stop(): Promise<void>;
}

/**
 * Starts An Sinh whole: PostgreSQL (embedded, or the server of DATABASE_URL), Redis where there is one, the local
 * issuer (or that of OIDC_ISSUER), migrations, bank simulator, API, worker, gateway. When a step fails, what was
 * started before it is stopped again.
 */
export async function startSuite(options: SuiteOptions): Promise<Suite> {
  const started = new Started();
  try {
    return await startAll(options, started);
  } catch (error) {
    await started.stop();
    throw error;
  }
}

/** What has to be undone, youngest first. */
class Started {
  private readonly stops: (() => Promise<unknown>)[] = [];

  push(stop: () => Promise<unknown>): void {
    this.stops.push(stop);
  }

  async stop(): Promise<void> {
    for (const stop of this.stops.splice(0).reverse()) await stop();
  }
}

async function startAll(options: SuiteOptions, started: Started): Promise<Suite> {
  const progress = (vi: string, en: string) => {
    options.signal?.throwIfAborted();
    options.onProgress?.({ vi, en });
  };
  const directory = options.directory ?? chooseDirectory(options);
  await claimDirectory(directory);
  started.push(async () => releaseDirectory(directory));
  const ports = await choosePorts(options.ports);
  const secrets = loadSecrets(join(directory, 'secrets.json'), existsSync(join(directory, 'postgres')));
  progress('Cơ sở dữ liệu', 'Database');
  const server = { options, directory, port: ports.postgres, started };
  const { ownerUrls, ...databaseUrls } = await startDatabase(server);
  await assertPortsFree(ports, options.without);
  const redis = await findRedis();
  if (redis) started.push(() => redis.stop());
  const issuerUrl =
    process.env['OIDC_ISSUER'] ??
    (await startLocalIssuer({ directory, port: ports.issuer, secrets, started }));

  const plans = planServices({
    ports,
    secrets,
    issuerUrl,
    databaseUrls,
    redisUrl: redis?.url,
    followsRegistry: isKnownToIssuer('REGISTRY_CLIENT_SECRET') && !options.without?.includes('registry'),
    paysLoans: isKnownToIssuer('EMPLOYMENT_LOANS_CLIENT_SECRET'),
    paysSupport: isKnownToIssuer('SOCIAL_PROTECTION_CLIENT_SECRET'),
    objectDirectory: join(directory, 'objects'),
    metricsPort: Number(process.env['METRICS_PORT']) || undefined,
  })
    .filter(({ listener }) => !options.without?.includes(listener))
    .map((plan) => ({ ...plan, environment: { ...plan.environment, ...options.environment } }));
  assertBuilt(options.workspace, plans);
  progress('Cập nhật lược đồ dữ liệu', 'Migrations');
  await migrate(options, directory, plans, ownerUrls);
  progress('Các dịch vụ', 'Services');
  const services = await startServices({ options, directory, plans, started });

  let isStopping = false;
  const unexpected = services.map(
    (service) =>
      new Promise<{ service: ServiceProcess; end: ServiceEnd }>((resolve) => {
        void service.ended.then((end) => !isStopping && resolve({ service, end }));
      }),
  );
  return {
    addresses: addressesOf(ports, issuerUrl),
    databaseUrls,
    ownerUrls,
    redisUrl: redis?.url,
    demoUsers: process.env['OIDC_ISSUER'] ? [] : DEMO_USERS,
    secrets,
    stateDirectory: directory,
    services,
    failure: Promise.race(unexpected),
    peakRssMb: () => Object.fromEntries(services.map((service) => [service.name, service.peakRssMb()])),
    stop: () => {
      isStopping = true;
      return started.stop();
    },
  };
}

function addressesOf(ports: Ports, issuer: string): Suite['addresses'] {
  const local = (listener: Listener) => `http://127.0.0.1:${ports[listener]}`;
  return {
    gateway: local('gateway'),
    disbursements: local('disbursements'),
    registry: local('registry'),
    socialProtection: local('socialProtection'),
    employmentLoans: local('employmentLoans'),
    bank: local('bank'),
    issuer,
  };
}

/** Another issuer knows no secret of ours: there it is given, or what hangs on it does not happen. */
function isKnownToIssuer(secret: keyof Secrets): boolean {
  return !process.env['OIDC_ISSUER'] || process.env[secret] !== undefined;
}

function chooseDirectory({ persistent, workspace }: SuiteOptions): string {
  return persistent ? stateDirectory(workspace) : throwawayDirectory('run');
}

/** Where services work, and where their migrations do: as the owner. */
interface DatabaseUrls {
  disbursements: string;
  registry: string;
  socialProtection: string;
  employmentLoans: string;
  bank: string;
  ownerUrls: Record<string, string>;
}

async function startDatabase(start: {
  options: SuiteOptions;
  directory: string;
  port: number;
  started: Started;
}): Promise<DatabaseUrls> {
  const { persistent } = start.options;
  const existing = process.env['DATABASE_URL'];
  // On somebody else's server a throwaway run takes names of its own, and takes them away again.
  const prefix = existing && !persistent ? `ansinh_${randomBytes(4).toString('hex')}` : 'ansinh';
  const names = {
    disbursements: `${prefix}_disbursements`,
    registry: `${prefix}_registry`,
    socialProtection: `${prefix}_social_protection`,
    employmentLoans: `${prefix}_employment_loans`,
    bank: `${prefix}_bank`,
  };
  let server = existing;
  if (server === undefined) {
    const postgres = await startPostgres({
      dataDirectory: join(start.directory, 'postgres'),
      port: start.port,
      persistent,
      logFile: join(start.directory, 'logs/postgres.log'),
    });
    start.started.push(() => postgres.stop());
    server = postgres.url();
  }
  const url = server;
  // Roles are the server's: a login is named as its database, so that two runs on one server do not meet.
  const logins = [names.disbursements, names.registry, names.socialProtection, names.employmentLoans];
  if (existing && !persistent) {
    for (const login of logins) start.started.push(() => dropServiceLogin(url, login));
    start.started.push(() => dropDatabases(url, Object.values(names)));
  }
  await ensureDatabases(url, Object.values(names));
  const serviceUrl = async (name: string) => databaseUrl(await ensureServiceLogin(url, name), name);
  return {
    disbursements: await serviceUrl(names.disbursements),
    registry: await serviceUrl(names.registry),
    socialProtection: await serviceUrl(names.socialProtection),
    employmentLoans: await serviceUrl(names.employmentLoans),
    bank: databaseUrl(url, names.bank),
    ownerUrls: {
      disbursements: databaseUrl(url, names.disbursements),
      registry: databaseUrl(url, names.registry),
      'social-protection': databaseUrl(url, names.socialProtection),
      'employment-loans': databaseUrl(url, names.employmentLoans),
    },
  };
}

async function startLocalIssuer(start: {
  directory: string;
  port: number;
  secrets: Secrets;
  started: Started;
}): Promise<string> {
  const { directory, port, secrets, started } = start;
  const clients = [
    registryFollower(secrets.REGISTRY_CLIENT_SECRET),
    programmeService('social-protection', 'Bảo trợ xã hội', secrets.SOCIAL_PROTECTION_CLIENT_SECRET),
    programmeService(
      'employment-loans',
      'Cho vay giải quyết việc làm',
      secrets.EMPLOYMENT_LOANS_CLIENT_SECRET,
    ),
  ];
  const keyFile = join(directory, 'issuer-key.json');
  const issuer = await startIssuer({ port, users: DEMO_USERS, clients, keyFile });
  started.push(() => issuer.stop());
  return issuer.url;
}

const listening = [
  'gateway',
  'disbursements',
  'worker',
  'registry',
  'registryWorker',
  'socialProtection',
  'socialProtectionWorker',
  'employmentLoans',
  'employmentLoansWorker',
  'bank',
] as const;

async function assertPortsFree(ports: Ports, without: readonly Listener[] = []): Promise<void> {
  for (const listener of listening) {
    if (!without.includes(listener)) await assertPortFree(ports[listener], listener, portVariable(listener));
  }
}

function assertBuilt(workspace: string, plans: readonly ServicePlan[]): void {
  const missing = plans
    .filter(({ script }) => !existsSync(join(workspace, script)))
    .map(({ script }) => script);
  if (missing.length === 0) return;
  throw new FriendlyError({
    vi: `Chưa dựng: ${missing.join(', ')}. Hãy chạy: npm run build`,
    en: `Not built: ${missing.join(', ')}. Run: npm run build`,
  });
}

/** Each service brings its own database up to date, by its own migrations. */
async function migrate(
  options: SuiteOptions,
  directory: string,
  plans: readonly ServicePlan[],
  ownerUrls: Record<string, string>,
): Promise<void> {
  for (const name of [
    'bank-simulator',
    'disbursements',
    'registry',
    'social-protection',
    'employment-loans',
  ]) {
    const plan = plans.find((candidate) => candidate.name === name);
    if (!plan) continue;
    await runToEnd({
      name: `${name}-migrate`,
      script: join(options.workspace, `apps/${name}/dist/migrate.js`),
      environment: { ...inherited(), ...plan.environment, MIGRATION_DATABASE_URL: ownerUrls[name] },
      logFile: join(directory, `logs/${name}-migrate.log`),
      signal: options.signal,
    });
  }
}

/** Side by side, because each spends a second on its own loading; stopped in reverse order all the same. */
async function startServices(start: {
  options: SuiteOptions;
  directory: string;
  plans: readonly ServicePlan[];
  started: Started;
}): Promise<ServiceProcess[]> {
  mkdirSync(join(start.directory, 'logs'), { recursive: true });
  const attempts = start.plans.map((plan) =>
    startService({
      name: plan.name,
      script: join(start.options.workspace, plan.script),
      environment: { ...inherited(), ...plan.environment },
      logFile: join(start.directory, `logs/${plan.name}.log`),
      readyUrl: `http://127.0.0.1:${plan.environment['PORT']}/health/ready`,
      signal: start.options.signal,
    }),
  );
  const outcomes = await Promise.allSettled(attempts);
  const services = outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []));
  for (const service of services) start.started.push(() => service.stop());
  recordServices(
    start.directory,
    services.map(({ pid }) => pid),
  );
  const failure = outcomes.find((outcome) => outcome.status === 'rejected');
  if (failure) throw failure.reason;
  return services;
}

/** Our own environment without what npm and Node put there for this process alone. */
function inherited(): NodeJS.ProcessEnv {
  const own = Object.entries(process.env).filter(
    ([name]) => !name.startsWith('npm_') && name !== 'NODE_OPTIONS',
  );
  return Object.fromEntries(own);
}
