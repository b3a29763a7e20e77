import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { migrateDatabase } from '@ansinh/database';
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
import { loadConfig } from '../src/config.js';
import { dataSourceOptions } from '../src/data-source.js';
import { SocialProtectionModule } from '../src/social-protection.module.js';

export interface Harness {
  app: NestFastifyApplication;
  /** Of the owner, above every policy: for looks behind the service. */
  dataSource: DataSource;
  database: TestDatabase;
  as(player: Player): Promise<PlayedClient>;
  stop(): Promise<void>;
}

/** A fresh, migrated database of this service. */
export const freshDatabase = () =>
  createTestDatabase({
    service: 'social-protection',
    migrate: (url, serviceUrl) => migrateDatabase({ options: dataSourceOptions(url), serviceUrl }),
  });

export const keys = {
  SEALING_KEYS: `1:${Buffer.alloc(32, 7).toString('base64')}`,
  LOOKUP_KEY: Buffer.alloc(32, 8).toString('base64'),
};

/** The API in this process on a fresh database, with an issuer of its own. */
export async function startHarness(): Promise<Harness> {
  const database = await freshDatabase();
  const issuer = await testIssuer();
  const config = loadConfig({ DATABASE_URL: database.serviceUrl, OIDC_ISSUER: issuer.url, ...keys });
  process.env['LOG_LEVEL'] ??= 'silent';
  const app = await createService({
    name: 'social-protection-test',
    module: SocialProtectionModule.forApi(config),
    streamedTypes: Object.values(listTypes),
  });
  await app.listen(0, '127.0.0.1');
  const dataSource = await new DataSource(dataSourceOptions(database.url)).initialize();
  return {
    app,
    dataSource,
    database,
    as: (player) => playedClient(app, issuer, player),
    stop: async () => {
      await app.close();
      await dataSource.destroy();
      await issuer.stop();
    },
  };
}
