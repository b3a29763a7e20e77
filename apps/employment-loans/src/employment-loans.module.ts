import { ApolloFederationDriver, type ApolloFederationDriverConfig } from '@nestjs/apollo';
import { type DynamicModule, Module, type Provider } from '@nestjs/common';
import { GraphQLModule } from '@nestjs/graphql';
import { TypeOrmModule } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { RootSigner } from '@ansinh/audit-chain';
import {
  AuditController,
  auditLogName,
  AuditService,
  DayCloser as AuditDayCloser,
  rootSigner,
  signingKeyOf,
} from '@ansinh/audit-log';
import { AuthModule } from '@ansinh/auth';
import { createRegistryClient, ServiceToken } from '@ansinh/client';
import { observePool, requireServiceLogin } from '@ansinh/database';
import { subgraphOptions } from '@ansinh/graphql';
import { Commands } from '@ansinh/idempotency';
import {
  KeyRotationController,
  KeyRotationService,
  KeyRotator,
  sealedTables,
  SealingKeyCheck,
} from '@ansinh/key-rotation';
import { lawConfirmations } from '@ansinh/law-confirmations';
import { PayoutRunner } from '@ansinh/payouts';
import { readSealingKeys, Sealer } from '@ansinh/sealing';
import { HealthModule, housekeeping } from '@ansinh/service';
import { ArrearsController } from './arrears/arrears.controller.js';
import { ArrearsService } from './arrears/arrears.service.js';
import { BankExceptionController } from './bank-exception/bank-exception.controller.js';
import { BankExceptionService } from './bank-exception/bank-exception.service.js';
import { BankFileController } from './bank-file/bank-file.controller.js';
import { BankFileService } from './bank-file/bank-file.service.js';
import { BankReportController } from './bank-file/bank-report.controller.js';
import { BankReportService } from './bank-file/bank-report.service.js';
import { RemarkedFileService } from './bank-file/remarked-file.service.js';
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
import { EventController } from './event/event.controller.js';
import { EventService } from './event/event.service.js';
import { FundReportController } from './fund-report/fund-report.controller.js';
import { FundReportResolver } from './fund-report/fund-report.resolver.js';
import { FundReportService } from './fund-report/fund-report.service.js';
import { JobController } from './job/job.controller.js';
import { LoanJobsResolver } from './job/job.resolver.js';
import { JobDecider } from './job/job-decider.js';
import { JobService } from './job/job.service.js';
import { registryClient } from './job/known-workers.js';
import { UseCheckService } from './job/use-check.service.js';
import { LawConfirmationController } from './law/law-confirmation.controller.js';
import { loanCatalogue } from './law/law.js';
import { lawProblems } from './law/law.problems.js';
import { LoanLawController } from './law/loan-law.controller.js';
import { LoanLawService } from './law/loan-law.service.js';
import { LoanController } from './loan/loan.controller.js';
import { LoanListsController } from './loan/loan-lists.controller.js';
import { LoanMovesController } from './loan/loan-moves.controller.js';
import { LoanMovesService } from './loan/loan-moves.service.js';
import { EmployerLoansResolver, LoanResolver, PersonLoansResolver } from './loan/loan.resolver.js';
import { LoanService } from './loan/loan.service.js';
import { ServicingController } from './loan/servicing.controller.js';
import { ServicingService } from './loan/servicing.service.js';
import { LoanPaperController } from './loan-paper/loan-paper.controller.js';
import { LoanPaperService } from './loan-paper/loan-paper.service.js';
import { PortfolioController } from './portfolio/portfolio.controller.js';
import { PortfolioResolver } from './portfolio/portfolio.resolver.js';
import { PortfolioService } from './portfolio/portfolio.service.js';
import { ReminderController } from './reminder/reminder.controller.js';
import { ReminderService } from './reminder/reminder.service.js';
import { SchedulePreviewController } from './schedule-preview/schedule-preview.controller.js';
import { tablesWithSeals } from './sealed-tables.js';
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
        AuditController,
        BankExceptionController,
        BankFileController,
        BankReportController,
        CapitalController,
        ClosingController,
        DisbursementListController,
        EventController,
        FundReportController,
        JobController,
        KeyRotationController,
        LawConfirmationController,
        LoanController,
        LoanLawController,
        LoanListsController,
        LoanMovesController,
        LoanPaperController,
        PortfolioController,
        ReminderController,
        SchedulePreviewController,
        ServicingController,
      ],
      providers: [
        ...records(config),
        ...neighboursOf(config),
        lawConfirmations({ catalogue: loanCatalogue, problems: lawProblems }),
        Commands,
        ArrearsService,
        AuditService,
        BankExceptionService,
        BankFileService,
        BankReportService,
        CapitalService,
        ClosingService,
        DisbursementListService,
        EventService,
        FundReportService,
        JobService,
        KeyRotationService,
        LoanLawService,
        LoanMovesService,
        LoanPaperService,
        LoanService,
        PortfolioService,
        RemarkedFileService,
        ReminderService,
        ServicingService,
        UseCheckService,
        EmployerLoansResolver,
        FundReportResolver,
        LoanJobsResolver,
        LoanResolver,
        PersonLoansResolver,
        PortfolioResolver,
      ],
    };
  }

  static forWorker(config: WorkerConfig): DynamicModule {
    return {
      module: EmploymentLoansModule,
      imports: database(config),
      providers: [
        ...records(config),
        { provide: workerConfigToken, useValue: config },
        { provide: rootSigner, useValue: new RootSigner(signingKeyOf(config)) },
        ...housekeeping(AuditDayCloser, JobDecider, KeyRotator),
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

const records = ({ sealingKeys, lookupKey }: Pick<Config, 'sealingKeys' | 'lookupKey'>): Provider[] => [
  { provide: requireServiceLogin, inject: [DataSource], useFactory: requireServiceLogin },
  { provide: auditLogName, useValue: 'ansinh/employment-loans' },
  { provide: sealedTables, useValue: tablesWithSeals },
  SealingKeyCheck,
  { provide: Sealer, useValue: new Sealer(readSealingKeys(sealingKeys, lookupKey)) },
];

const registryOf = ({ registryUrl: baseUrl, access }: Config): Provider => ({
  provide: registryClient,
  useValue: baseUrl && createRegistryClient({ baseUrl, ...new ServiceToken(access).options() }),
});

/** What other services are asked for. */
const neighboursOf = (config: Config): Provider[] => [registryOf(config), ...runnerOf(config)];

/** Lists go into batches, and outcomes come back, where the disbursements are known: several processes share the work by leases. */
function runnerOf({ disbursementsUrl: url, access }: Config): Provider[] {
  if (!url) return [];
  return [
    {
      provide: PayoutRunner,
      inject: [DataSource, Sealer],
      useFactory: (dataSource: DataSource, sealer: Sealer) =>
        new PayoutRunner({ dataSource, sealer, url, access, applyOutcomes }),
    },
  ];
}
