import { ApolloFederationDriver, type ApolloFederationDriverConfig } from '@nestjs/apollo';
import { type DynamicModule, Module } from '@nestjs/common';
import { GraphQLModule } from '@nestjs/graphql';
import { TypeOrmModule } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { AuthModule } from '@ansinh/auth';
import { observePool, requireServiceLogin } from '@ansinh/database';
import { subgraphOptions } from '@ansinh/graphql';
import { Commands } from '@ansinh/idempotency';
import { readSealingKeys, Sealer } from '@ansinh/sealing';
import { HealthModule } from '@ansinh/service';
import type { Config } from './config.js';
import { dataSourceOptions } from './data-source.js';
import { LawController } from './catalogue/law.controller.js';
import { LawResolver } from './catalogue/law.resolver.js';
import { LawRowController } from './catalogue/law-row.controller.js';
import { LawRowService } from './catalogue/law-row.service.js';
import { LawService } from './catalogue/law.service.js';
import { ProgrammeController } from './programme/programme.controller.js';
import { ProgrammeResolver } from './programme/programme.resolver.js';

@Module({})
export class SocialProtectionModule {
  constructor(dataSource: DataSource) {
    observePool(dataSource);
  }

  static forApi(config: Config): DynamicModule {
    return {
      module: SocialProtectionModule,
      imports: [
        TypeOrmModule.forRoot(dataSourceOptions(config.databaseUrl, config.statementTimeoutMs)),
        AuthModule.forIssuer(config.issuer),
        HealthModule.withChecks([DataSource], (dataSource: DataSource) => ({
          database: () => dataSource.query('SELECT 1'),
        })),
        GraphQLModule.forRoot<ApolloFederationDriverConfig>({
          driver: ApolloFederationDriver,
          ...subgraphOptions(),
        }),
      ],
      controllers: [LawController, LawRowController, ProgrammeController],
      providers: [
        { provide: requireServiceLogin, inject: [DataSource], useFactory: requireServiceLogin },
        { provide: Sealer, useValue: new Sealer(readSealingKeys(config.sealingKeys, config.lookupKey)) },
        Commands,
        LawResolver,
        LawRowService,
        LawService,
        ProgrammeResolver,
      ],
    };
  }
}
