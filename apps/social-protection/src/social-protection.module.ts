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
import { observePool, requireServiceLogin } from '@ansinh/database';
import { observeRegistryReading, RegistryFollower } from '@ansinh/events';
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
import { createRegistryClient, ServiceToken } from '@ansinh/client';
import { PayoutRunner } from '@ansinh/payouts';
import { nationalCatalogue } from '@ansinh/policy';
import { readSealingKeys, Sealer } from '@ansinh/sealing';
import { HealthModule, housekeeping } from '@ansinh/service';
import { LawController } from './catalogue/law.controller.js';
import { LawResolver } from './catalogue/law.resolver.js';
import { LawRowController } from './catalogue/law-row.controller.js';
import { LawRowService } from './catalogue/law-row.service.js';
import { lawProblems } from './catalogue/law.problems.js';
import { LawService } from './catalogue/law.service.js';
import { BeneficiaryController } from './beneficiary/beneficiary.controller.js';
import { BeneficiaryResolver } from './beneficiary/beneficiary.resolver.js';
import { BeneficiaryService } from './beneficiary/beneficiary.service.js';
import { type Config, configToken } from './config.js';
import { dataSourceOptions } from './data-source.js';
import { DecisionController } from './decision/decision.controller.js';
import { PayeePaymentModel, PaymentModel } from './decision/decision.model.js';
import { DecisionResolver, EntitlementResolver, PersonResolver } from './decision/decision.resolver.js';
import { DecisionService } from './decision/decision.service.js';
import { EntitlementService } from './decision/entitlement.service.js';
import { Loaders } from './decision/loaders.js';
import { PayeePaymentResolver, PaymentResolver } from './decision/payment.resolver.js';
import { GrievanceController } from './grievance/grievance.controller.js';
import { GrievanceService } from './grievance/grievance.service.js';
import { InsuranceController } from './insurance/insurance.controller.js';
import { InsuranceService } from './insurance/insurance.service.js';
import { RemarkedAnswersService } from './insurance/remarked-answers.service.js';
import { cellDaysKept, CellSweepService } from './list/cell-sweep.service.js';
import { ListController } from './list/list.controller.js';
import { ListService } from './list/list.service.js';
import { RemarkedListService } from './list/remarked-list.service.js';
import { applyOutcomes } from './payout/apply-outcomes.js';
import { PayoutController } from './payout/payout.controller.js';
import { PayoutService } from './payout/payout.service.js';
import { ProgrammeController } from './programme/programme.controller.js';
import { ProgrammeResolver } from './programme/programme.resolver.js';
import { OverpaymentController } from './recovery/overpayment.controller.js';
import { OverpaymentService } from './recovery/overpayment.service.js';
import { RecoveryController } from './recovery/recovery.controller.js';
import { RecoveryService } from './recovery/recovery.service.js';
import { HalfYearFormController } from './report/half-year-form.controller.js';
import { HalfYearFormService } from './report/half-year-form.service.js';
import { registryFollower } from './registry/registry-follower.js';
import { RegistryNoticeController } from './registry/registry-notice.controller.js';
import { RegistryNoticeService } from './registry/registry-notice.service.js';
import { RegistryReadingController } from './registry/registry-reading.controller.js';
import { ReportController } from './report/report.controller.js';
import { ReportService } from './report/report.service.js';
import { CorrectionController } from './review/correction.controller.js';
import { CorrectionService } from './review/correction.service.js';
import { ClassTeller, registryClient } from './review/class-teller.js';
import { HouseholdService } from './review/household.service.js';
import { PovertyController } from './review/poverty.controller.js';
import { RateService } from './review/rate.service.js';
import { ReviewController } from './review/review.controller.js';
import { ReviewService } from './review/review.service.js';
import { ChangeService } from './run/change.service.js';
import { RunController } from './run/run.controller.js';
import { RunService } from './run/run.service.js';
import { SummaryService } from './run/summary.service.js';
import { tablesWithSeals } from './sealed-tables.js';
import type { WorkerConfig } from './worker-config.js';

const services = [
  AccessLogService,
  AuditService,
  BeneficiaryService,
  ChangeService,
  Commands,
  CorrectionService,
  DecisionService,
  EntitlementService,
  GrievanceService,
  HouseholdService,
  InsuranceService,
  KeyRotationService,
  lawConfirmations({ catalogue: nationalCatalogue, problems: lawProblems }),
  LawRowService,
  LawService,
  ListService,
  OverpaymentService,
  PayoutService,
  RateService,
  RecoveryService,
  RemarkedAnswersService,
  RegistryNoticeService,
  RemarkedListService,
  HalfYearFormService,
  ReportService,
  ReviewService,
  RunService,
  SummaryService,
];

/** The subgraph: every query, command and field of it that is more than a column. */
const resolvers = [
  BeneficiaryResolver,
  DecisionResolver,
  EntitlementResolver,
  LawResolver,
  PayeePaymentResolver,
  PaymentResolver,
  PersonResolver,
  ProgrammeResolver,
];

@Module({})
export class SocialProtectionModule {
  constructor(dataSource: DataSource) {
    observePool(dataSource);
    observeRegistryReading(dataSource);
  }

  static forApi(config: Config): DynamicModule {
    return {
      module: SocialProtectionModule,
      imports: [
        ...database(config),
        AuthModule.forIssuer(config.issuer),
        GraphQLModule.forRoot<ApolloFederationDriverConfig>({
          driver: ApolloFederationDriver,
          ...subgraphOptions(),
          // No field here leads to them: other subgraphs do.
          buildSchemaOptions: { orphanedTypes: [PayeePaymentModel, PaymentModel] },
        }),
      ],
      controllers: [
        AccessLogController,
        AuditController,
        BeneficiaryController,
        CorrectionController,
        DecisionController,
        GrievanceController,
        InsuranceController,
        KeyRotationController,
        LawController,
        LawRowController,
        ListController,
        OverpaymentController,
        PayoutController,
        PovertyController,
        ProgrammeController,
        RecoveryController,
        HalfYearFormController,
        RegistryNoticeController,
        RegistryReadingController,
        ReportController,
        ReviewController,
        RunController,
      ],
      providers: [
        ...records(config),
        { provide: configToken, useValue: config },
        Loaders,
        ...services,
        ...resolvers,
      ],
    };
  }

  static forWorker(config: WorkerConfig): DynamicModule {
    const { disbursementsUrl: url, registryUrl, issuer, clientId, clientSecret } = config;
    const access = { issuer, clientId, clientSecret };
    return {
      module: SocialProtectionModule,
      imports: database(config),
      providers: [
        ...records(config),
        { provide: rootSigner, useValue: new RootSigner(signingKeyOf(config)) },
        {
          provide: registryClient,
          useValue:
            registryUrl &&
            createRegistryClient({ baseUrl: registryUrl, ...new ServiceToken(access).options() }),
        },
        { provide: cellDaysKept, useValue: config.cellDaysKept },
        ...housekeeping(CellSweepService, ClassTeller, DayCloser, KeyRotator),
        {
          provide: RegistryFollower,
          inject: [DataSource],
          useFactory: (dataSource: DataSource) => registryFollower(dataSource, config),
        },
        {
          provide: PayoutRunner,
          inject: [DataSource, Sealer],
          useFactory: (dataSource: DataSource, sealer: Sealer) =>
            new PayoutRunner({
              dataSource,
              sealer,
              url,
              access,
              applyOutcomes,
            }),
        },
      ],
    };
  }
}

type Shared = Pick<Config, 'databaseUrl' | 'statementTimeoutMs' | 'sealingKeys' | 'lookupKey'>;

const database = ({ databaseUrl, statementTimeoutMs }: Shared) => [
  TypeOrmModule.forRoot(dataSourceOptions(databaseUrl, statementTimeoutMs)),
  HealthModule.withChecks([DataSource], (dataSource: DataSource) => ({
    database: () => dataSource.query('SELECT 1'),
  })),
];

const records = ({ sealingKeys, lookupKey }: Shared) => [
  { provide: requireServiceLogin, inject: [DataSource], useFactory: requireServiceLogin },
  { provide: auditLogName, useValue: 'ansinh/social-protection' },
  { provide: sealedTables, useValue: tablesWithSeals },
  SealingKeyCheck,
  { provide: Sealer, useValue: new Sealer(readSealingKeys(sealingKeys, lookupKey)) },
];
