import { pathToFileURL } from 'node:url';
import { migrateDatabase } from '@ansinh/database';
import { throwawayDirectory } from '@ansinh/embedded';
import { createService } from '@ansinh/service';
import {
  createTestDatabase,
  serviceHarness,
  type ServiceHarness,
  testIssuer,
  testKeys,
} from '@ansinh/testing';
import { listTypes } from '@ansinh/uploads';
import { mediaTypes } from '../src/attachment/media-type.js';
import { loadConfig } from '../src/config.js';
import { dataSourceOptions } from '../src/data-source.js';
import { RegistryModule } from '../src/registry.module.js';

export interface Harness extends ServiceHarness {
  /** Where the files of dossiers are. */
  objects: string;
}

/** A fresh, migrated database of this service. */
export const freshDatabase = () =>
  createTestDatabase({
    service: 'registry',
    migrate: (url, serviceUrl) => migrateDatabase({ options: dataSourceOptions(url), serviceUrl }),
  });

/**
 * The API in this process on a fresh database, with an issuer of its own.
 * @param environment settings beside those that every spec needs
 * @param before a harness whose database and files are taken over; it is stopped, its files are still there
 */
export async function startHarness(
  environment: Record<string, string> = {},
  before?: Harness,
): Promise<Harness> {
  const database = before?.database ?? (await freshDatabase());
  const issuer = await testIssuer();
  const objects = before?.objects ?? throwawayDirectory('registry-objects');
  const config = loadConfig({
    DATABASE_URL: database.serviceUrl,
    OIDC_ISSUER: issuer.url,
    ...testKeys,
    OBJECT_STORE: pathToFileURL(objects).href,
    ...environment,
  });
  process.env['LOG_LEVEL'] ??= 'silent';
  const app = await createService({
    name: 'registry-test',
    module: RegistryModule.forApi(config),
    streamedTypes: [...Object.values(listTypes), ...Object.values(mediaTypes)],
  });
  return { ...(await serviceHarness({ app, database, issuer, dataSourceOptions })), objects };
}
