import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { Issuer } from '@ansinh/embedded';
import { DataSource, type DataSourceOptions } from 'typeorm';
import { type PlayedClient, playedClient, type Player } from './played-client.js';
import type { TestDatabase } from './test-database.js';

/** A service in this process, and whoever plays its clients. */
export interface ServiceHarness {
  app: NestFastifyApplication;
  /** Of the owner, above every policy: for looks behind the service. */
  dataSource: DataSource;
  database: TestDatabase;
  /** Address of the issuer. */
  issuer: string;
  as(player: Player): Promise<PlayedClient>;
  stop(): Promise<void>;
}

/** Keys that every service of a test is given. */
export const testKeys = {
  SEALING_KEYS: `1:${Buffer.alloc(32, 7).toString('base64')}`,
  LOOKUP_KEY: Buffer.alloc(32, 8).toString('base64'),
};

interface MadeService {
  app: NestFastifyApplication;
  database: TestDatabase;
  issuer: Issuer;
  dataSourceOptions: (url: string) => DataSourceOptions;
}

/** Has a service listen, not only initialised: supertest would else open and close the server for each of fifty requests at once. */
export async function serviceHarness(made: MadeService): Promise<ServiceHarness> {
  const { app, database, issuer, dataSourceOptions } = made;
  await app.listen(0, '127.0.0.1');
  const dataSource = await new DataSource(dataSourceOptions(database.url)).initialize();
  return {
    app,
    dataSource,
    database,
    issuer: issuer.url,
    as: (player) => playedClient(app, issuer, player),
    stop: async () => {
      await app.close();
      await dataSource.destroy();
      await issuer.stop();
    },
  };
}
