import { migrateDatabase } from '@ansinh/database';
import { migrateQueues, queueSchema } from '@ansinh/queue';
import { createService } from '@ansinh/service';
import {
  createTestDatabase,
  registrySecret,
  serviceHarness,
  type ServiceHarness,
  testIssuer,
  testKeys,
} from '@ansinh/testing';
import { listTypes } from '@ansinh/uploads';
import { loadConfig } from '../src/config.js';
import { dataSourceOptions } from '../src/data-source.js';
import { EmploymentLoansModule } from '../src/employment-loans.module.js';
import { FakeRegistry } from './fake-registry.js';

export interface Harness extends ServiceHarness {
  /** What the registry of this spec says of people. */
  registry: FakeRegistry;
}

/** A fresh, migrated database of this service. */
export const freshDatabase = () =>
  createTestDatabase({
    service: 'employment-loans',
    migrate: async (url, serviceUrl) => {
      await migrateQueues(url);
      await migrateDatabase({ options: dataSourceOptions(url), serviceUrl, schemas: [queueSchema] });
    },
  });

/**
 * The API in this process on a fresh database, with an issuer of its own.
 * @param environment settings beside those that every spec needs
 * @param before a harness whose database is taken over; it was stopped
 */
export async function startHarness(
  environment: Record<string, string> = {},
  before?: Harness,
): Promise<Harness> {
  const database = before?.database ?? (await freshDatabase());
  const issuer = await testIssuer();
  const registry = await FakeRegistry.start();
  const config = loadConfig({
    DATABASE_URL: database.serviceUrl,
    OIDC_ISSUER: issuer.url,
    REGISTRY_URL: registry.url,
    EMPLOYMENT_LOANS_CLIENT_SECRET: registrySecret,
    ...testKeys,
    ...environment,
  });
  process.env['LOG_LEVEL'] ??= 'silent';
  const app = await createService({
    name: 'employment-loans-test',
    module: EmploymentLoansModule.forApi(config),
    streamedTypes: Object.values(listTypes),
  });
  const harness = await serviceHarness({ app, database, issuer, dataSourceOptions });
  const stop = async () => {
    await harness.stop();
    await registry.stop();
  };
  return { ...harness, registry, stop };
}
