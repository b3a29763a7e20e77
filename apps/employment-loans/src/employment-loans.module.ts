import { ApolloFederationDriver, type ApolloFederationDriverConfig } from '@nestjs/apollo';
import { type DynamicModule, Module, type Provider } from '@nestjs/common';
import { GraphQLModule } from '@nestjs/graphql';
import { TypeOrmModule } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { AuthModule } from '@ansinh/auth';
import { observePool, requireServiceLogin } from '@ansinh/database';
import { subgraphOptions } from '@ansinh/graphql';
import { Commands } from '@ansinh/idempotency';
import { PayoutRunner } from '@ansinh/payouts';
import { readSealingKeys, Sealer } from '@ansinh/sealing';
import { HealthModule } from '@ansinh/service';
import { ArrearsController } from './arrears/arrears.controller.js';
import { ArrearsService } from './arrears/arrears.service.js';
import { CapitalController } from './capital/capital.controller.js';
import { CapitalService } from './capital/capital.service.js';
import { ClosingController } from './closing/closing.controller.js';
import { ClosingService } from './closing/closing.service.js';
import { DayCloser } from './closing/day-closer.js';
import type { Config } from './config.js';
import { dataSourceOptions } from './data-source.js';
import { DisbursementListController } from './disbursement-list/disbursement-list.controller.js';
import { DisbursementListService } from './disbursement-list/disbursement-list.service.js';
import { applyOutcomes } from './loan/disbursement-outcomes.js';
import { LoanController } from './loan/loan.controller.js';
import { LoanMovesController } from './loan/loan-moves.controller.js';
import { LoanMovesService } from './loan/loan-moves.service.js';
import { EmployerLoansResolver, LoanResolver, PersonLoansResolver } from './loan/loan.resolver.js';
import { LoanService } from './loan/loan.service.js';
import { ServicingController } from './loan/servicing.controller.js';
import { ServicingService } from './loan/servicing.service.js';
import { SchedulePreviewController } from './schedule-preview/schedule-preview.controller.js';
import { type WorkerConfig, workerConfigToken } from './worker-config.js';

@Module({})
export class EmploymentLoansModule {
  constructor(dataSource: DataSource) {
    observePool(dataSource);
  }

  static forApi(config: Config): DynamicModule {
    return {
      module: EmploymentLoansModule,
      imports: [
        ...database(config),
        AuthModule.forIssuer(config.issuer),
        GraphQLModule.forRoot<ApolloFederationDriverConfig>({
          driver: ApolloFederationDriver,
          ...subgraphOptions(),
        }),
      ],
      controllers: [
        ArrearsController,
        CapitalController,
        ClosingController,
        DisbursementListController,
        LoanController,
        LoanMovesController,
        SchedulePreviewController,
        ServicingController,
      ],
      providers: [
        { provide: requireServiceLogin, inject: [DataSource], useFactory: requireServiceLogin },
        { provide: Sealer, useValue: new Sealer(readSealingKeys(config.sealingKeys, config.lookupKey)) },
        ...runnerOf(config),
        Commands,
        ArrearsService,
        CapitalService,
        ClosingService,
        DisbursementListService,
        LoanMovesService,
        LoanService,
        ServicingService,
        EmployerLoansResolver,
        LoanResolver,
        PersonLoansResolver,
      ],
    };
  }

  static forWorker(config: WorkerConfig): DynamicModule {
    return {
      module: EmploymentLoansModule,
      imports: database(config),
      providers: [
        { provide: requireServiceLogin, inject: [DataSource], useFactory: requireServiceLogin },
        { provide: workerConfigToken, useValue: config },
        DayCloser,
      ],
    };
  }
}

const database = ({
  databaseUrl,
  statementTimeoutMs,
}: Pick<Config, 'databaseUrl' | 'statementTimeoutMs'>) => [
  TypeOrmModule.forRoot(dataSourceOptions(databaseUrl, statementTimeoutMs)),
  HealthModule.withChecks([DataSource], (dataSource: DataSource) => ({
    database: () => dataSource.query('SELECT 1'),
  })),
];

/** Lists go into batches, and outcomes come back, where the disbursements are known: several processes share the work by leases. */
function runnerOf({ disbursements, issuer }: Config): Provider[] {
  if (!disbursements) return [];
  const { url, ...login } = disbursements;
  return [
    {
      provide: PayoutRunner,
      inject: [DataSource, Sealer],
      useFactory: (dataSource: DataSource, sealer: Sealer) =>
        new PayoutRunner({ dataSource, sealer, url, access: { issuer, ...login }, applyOutcomes }),
    },
  ];
}
