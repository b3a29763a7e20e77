import { pathToFileURL } from 'node:url';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { migrateDatabase } from '@ansinh/database';
import { throwawayDirectory } from '@ansinh/embedded';
import { createService } from '@ansinh/service';
import {
  createTestDatabase,
  playedClient,
  type PlayedClient,
  type Player,
  type TestDatabase,
  testIssuer,
} from '@ansinh/testing';
import { listTypes } from '@ansinh/uploads';
import { DataSource } from 'typeorm';
import { mediaTypes } from '../src/attachment/media-type.js';
import { loadConfig } from '../src/config.js';
import { dataSourceOptions } from '../src/data-source.js';
import { RegistryModule } from '../src/registry.module.js';

export interface Harness {
  app: NestFastifyApplication;
  /** Of the owner, above every policy: for looks behind the service. */
  dataSource: DataSource;
  database: TestDatabase;
  /** Address of the issuer. */
  issuer: string;
  /** Where the files of dossiers are. */
  objects: string;
  as(player: Player): Promise<PlayedClient>;
  stop(): Promise<void>;
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
    SEALING_KEYS: `1:${Buffer.alloc(32, 7).toString('base64')}`,
    LOOKUP_KEY: Buffer.alloc(32, 8).toString('base64'),
    OBJECT_STORE: pathToFileURL(objects).href,
    ...environment,
  });
  process.env['LOG_LEVEL'] ??= 'silent';
  const app = await createService({
    name: 'registry-test',
    module: RegistryModule.forApi(config),
    streamedTypes: [...Object.values(listTypes), ...Object.values(mediaTypes)],
  });
  await app.listen(0, '127.0.0.1');
  const dataSource = await new DataSource(dataSourceOptions(database.url)).initialize();
  return {
    app,
    dataSource,
    database,
    issuer: issuer.url,
    objects,
    as: (player) => playedClient(app, issuer, player),
    stop: async () => {
      await app.close();
      await dataSource.destroy();
      await issuer.stop();
    },
  };
}
