import { ApolloFederationDriver, type ApolloFederationDriverConfig } from '@nestjs/apollo';
import { type DynamicModule, Module } from '@nestjs/common';
import { GraphQLModule } from '@nestjs/graphql';
import { TypeOrmModule } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { AccessLogController, AccessLogService } from '@ansinh/access-log';
import { RootSigner } from '@ansinh/audit-chain';
import {
  AuditController,
  auditLogName,
  AuditService,
  DayCloser,
  rootSigner,
  signingKeyOf,
} from '@ansinh/audit-log';
import { AuthModule } from '@ansinh/auth';
import { requireServiceLogin } from '@ansinh/database';
import { RegistryFollower } from '@ansinh/events';
import { subgraphOptions } from '@ansinh/graphql';
import { observePool } from '@ansinh/database';
import { Commands } from '@ansinh/idempotency';
import {
  KeyRotationController,
  KeyRotationService,
  KeyRotator,
  rotationStarted,
  sealedTables,
  SealingKeyCheck,
} from '@ansinh/key-rotation';
import { readSealingKeys, Sealer } from '@ansinh/sealing';
import { HealthModule } from '@ansinh/service';
import { ApprovalService } from './approval/approval.service.js';
import { BankProfileController } from './bank-profile/bank-profile.controller.js';
import { BankProfiles } from './bank-profile/bank-profiles.js';
import { BatchController } from './batch/batch.controller.js';
import { BatchService } from './batch/batch.service.js';
import { CashListController } from './cash-list/cash-list.controller.js';
import { CashListService } from './cash-list/cash-list.service.js';
import { ReceiptsService } from './cash-list/receipts.service.js';
import { Iso20022FileChannel } from './channel/iso20022-file.channel.js';
import { Iso20022HttpChannel } from './channel/iso20022-http.channel.js';
import { ObservedChannel } from './channel/observed-channel.js';
import { type PaymentChannels, paymentChannels } from './channel/payment-channel.js';
import { type Config, configToken } from './config.js';
import { dataSourceOptions } from './data-source.js';
import { ExceptionController } from './exception/exception.controller.js';
import { ExceptionService } from './exception/exception.service.js';
import { CheckService } from './finding/check.service.js';
import { FindingController } from './finding/finding.controller.js';
import { FindingService } from './finding/finding.service.js';
import { RemarkedListService } from './finding/remarked-list.service.js';
import { FollowUpController } from './follow-up/follow-up.controller.js';
import { FollowUpService } from './follow-up/follow-up.service.js';
import { ReturnedLinesService } from './follow-up/returned-lines.service.js';
import { FundController } from './fund/fund.controller.js';
import { FundService } from './fund/fund.service.js';
import { Loaders } from './graphql/loaders.js';
import { resolvers } from './graphql/resolvers.js';
import { Hints } from './hints/hints.js';
import { HintWorker } from './hints/hint-worker.js';
import { Sweeper } from './hints/sweeper.js';
import { sealedBlocks } from './list-import/sealed-blocks.js';
import { ListImportService } from './list-import/list-import.service.js';
import { MoneyMetrics } from './metrics/money-metrics.js';
import { PersonModel } from './payment/payment.model.js';
import { OutcomeService } from './payment/outcome.service.js';
import { PayeeService } from './payment/payee.service.js';
import { PaymentController } from './payment/payment.controller.js';
import { PaymentService } from './payment/payment.service.js';
import { ProgrammeController } from './programme/programme.controller.js';
import { ProgrammeService } from './programme/programme.service.js';
import { BankComparison } from './recovery/bank-comparison.js';
import { Recoverer } from './recovery/recoverer.js';
import { RecoveryController } from './recovery/recovery.controller.js';
import { RecoveryService } from './recovery/recovery.service.js';
import { RefusedDocumentController } from './refused-document/refused-document.controller.js';
import { RefusedDocumentService } from './refused-document/refused-document.service.js';
import { registryFollower } from './registry/registry-follower.js';
import { RegistryReadingController } from './registry/registry-reading.controller.js';
import { SampleController } from './sample/sample.controller.js';
import { SampleEstimateService } from './sample/sample-estimate.service.js';
import { SampleService } from './sample/sample.service.js';
import { VisitService } from './sample/visit.service.js';
import { ScheduleController } from './schedule/schedule.controller.js';
import { ScheduleRunner } from './schedule/schedule-runner.js';
import { ScheduleService } from './schedule/schedule.service.js';
import { UpcomingService } from './schedule/upcoming.service.js';
import { DocumentCollector } from './statement/document-collector.js';
import { ReconciliationService } from './statement/reconciliation.service.js';
import { StatementController } from './statement/statement.controller.js';
import { StatementEntryService } from './statement/statement-entry.service.js';
import { StatementService } from './statement/statement.service.js';
import { Threads } from './threads/threads.js';
import { BatchProgress } from './transmission/batch-progress.js';
import { ChunkSender } from './transmission/chunk-sender.js';
import { TransmissionController } from './transmission/transmission.controller.js';
import { TransmissionService } from './transmission/transmission.service.js';
import { VerificationController } from './verification/verification.controller.js';
import { VerificationService } from './verification/verification.service.js';

const services = [
  Commands,
  Hints,
  AccessLogService,
  ApprovalService,
  AuditService,
  BankComparison,
  BatchProgress,
  BatchService,
  CashListService,
  CheckService,
  ChunkSender,
  DocumentCollector,
  ExceptionService,
  FindingService,
  FollowUpService,
  FundService,
  KeyRotationService,
  KeyRotator,
  ListImportService,
  OutcomeService,
  PayeeService,
  PaymentService,
  ProgrammeService,
  ReceiptsService,
  ReconciliationService,
  Recoverer,
  RecoveryService,
  RefusedDocumentService,
  RemarkedListService,
  SealingKeyCheck,
  ReturnedLinesService,
  SampleEstimateService,
  SampleService,
  ScheduleRunner,
  ScheduleService,
  StatementEntryService,
  StatementService,
  Threads,
  TransmissionService,
  UpcomingService,
  VerificationService,
  VisitService,
];

/** The API and the worker are one module in two processes: they share every rule, and differ in what they listen to. */
@Module({})
export class DisbursementsModule {
  constructor(dataSource: DataSource) {
    observePool(dataSource);
  }

  static forApi(config: Config): DynamicModule {
    return assemble(config, {
      imports: [
        GraphQLModule.forRoot<ApolloFederationDriverConfig>({
          driver: ApolloFederationDriver,
          ...subgraphOptions(),
          // No query of ours leads to a person: the registry's do.
          buildSchemaOptions: { orphanedTypes: [PersonModel] },
        }),
      ],
      controllers: [
        AccessLogController,
        AuditController,
        BankProfileController,
        BatchController,
        CashListController,
        ExceptionController,
        FindingController,
        FollowUpController,
        FundController,
        KeyRotationController,
        PaymentController,
        ProgrammeController,
        RecoveryController,
        RefusedDocumentController,
        RegistryReadingController,
        SampleController,
        ScheduleController,
        StatementController,
        TransmissionController,
        VerificationController,
      ],
      providers: [Loaders, MoneyMetrics, ...resolvers],
    });
  }

  static forWorker(config: Config): DynamicModule {
    const signer = { provide: rootSigner, useValue: new RootSigner(signingKeyOf(config)) };
    return assemble(config, {
      imports: [],
      controllers: [],
      providers: [
        signer,
        DayCloser,
        HintWorker,
        { provide: RegistryFollower, inject: [DataSource, configToken], useFactory: registryFollower },
        Sweeper,
      ],
    });
  }
}

type Parts = Required<Pick<DynamicModule, 'imports' | 'controllers' | 'providers'>>;

function assemble(config: Config, parts: Parts): DynamicModule {
  return {
    module: DisbursementsModule,
    imports: [
      TypeOrmModule.forRoot(dataSourceOptions(config.databaseUrl, config.statementTimeoutMs)),
      AuthModule.forIssuer(config.issuer),
      HealthModule.withChecks([DataSource], (dataSource: DataSource) => ({
        database: () => dataSource.query('SELECT 1'),
      })),
      ...parts.imports,
    ],
    controllers: parts.controllers,
    providers: [
      { provide: configToken, useValue: config },
      { provide: sealedTables, useValue: [sealedBlocks] },
      {
        provide: rotationStarted,
        inject: [Hints],
        useFactory: (hints: Hints) => (id: string) => hints.rotationDue(id),
      },
      { provide: auditLogName, useValue: 'ansinh/disbursements' },
      { provide: requireServiceLogin, inject: [DataSource], useFactory: requireServiceLogin },
      { provide: Sealer, useValue: new Sealer(readSealingKeys(config.sealingKeys, config.lookupKey)) },
      { provide: BankProfiles, useValue: BankProfiles.read(config.bankProfiles) },
      { provide: paymentChannels, useValue: channelsOf(config) },
      ...services,
      ...parts.providers,
    ],
  };
}

/** A new bank is one more line here, and its class. */
function channelsOf(config: Config): PaymentChannels {
  return {
    'iso20022-file': new Iso20022FileChannel(),
    'iso20022-http': new ObservedChannel(
      new Iso20022HttpChannel({
        url: config.bankUrl,
        token: config.bankToken,
        timeoutMs: config.bankTimeoutMs,
        documentTimeoutMs: config.bankDocumentTimeoutMs,
      }),
    ),
  };
}
