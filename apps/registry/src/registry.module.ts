import { ApolloFederationDriver, type ApolloFederationDriverConfig } from '@nestjs/apollo';
import { type DynamicModule, Module } from '@nestjs/common';
import { GraphQLModule } from '@nestjs/graphql';
import { TypeOrmModule } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { RootSigner } from '@ansinh/audit-chain';
import { AccessLogController, AccessLogService } from '@ansinh/access-log';
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
import { subgraphOptions } from '@ansinh/graphql';
import { Commands } from '@ansinh/idempotency';
import {
  KeyRotationController,
  KeyRotationService,
  KeyRotator,
  sealedTables,
  SealingKeyCheck,
} from '@ansinh/key-rotation';
import { readSealingKeys, Sealer } from '@ansinh/sealing';
import { HealthModule, housekeeping } from '@ansinh/service';
import { AttachmentController } from './attachment/attachment.controller.js';
import { AttachmentFiles, attachmentSettings } from './attachment/attachment-files.js';
import { AttachmentService } from './attachment/attachment.service.js';
import type { Config } from './config.js';
import { dataSourceOptions } from './data-source.js';
import { DossierController } from './dossier/dossier.controller.js';
import { DossierFormsService } from './dossier/dossier-forms.service.js';
import { DossierMovesController } from './dossier/dossier-moves.controller.js';
import { DossierMovesService } from './dossier/dossier-moves.service.js';
import {
  DossierPersonResolver,
  DossierResolver,
  PersonDossiersResolver,
} from './dossier/dossier.resolver.js';
import { DossierService } from './dossier/dossier.service.js';
import { ProcedureController } from './dossier/procedure.controller.js';
import { TrackingController } from './dossier/tracking.controller.js';
import { TrackingService } from './dossier/tracking.service.js';
import { DuplicateController } from './duplicate/duplicate.controller.js';
import { DuplicateRunService } from './duplicate/duplicate-run.service.js';
import { DuplicateService } from './duplicate/duplicate.service.js';
import { EmployerController } from './employer/employer.controller.js';
import { EmploymentLookupController } from './employer/employment-lookup.controller.js';
import {
  EmployerResolver,
  EmploymentResolver,
  PersonEmploymentsResolver,
} from './employer/employer.resolver.js';
import { EmployerService } from './employer/employer.service.js';
import { EventController } from './event/event.controller.js';
import { EventService } from './event/event.service.js';
import { ListExportService } from './export/list-export.service.js';
import { Loaders } from './graphql/loaders.js';
import { HouseholdClassesController } from './household/household-classes.controller.js';
import { HouseholdController } from './household/household.controller.js';
import {
  HouseholdMemberResolver,
  HouseholdResolver,
  PersonHouseholdResolver,
} from './household/household.resolver.js';
import { HouseholdService } from './household/household.service.js';
import { ImportController } from './import/import.controller.js';
import { importDaysKept, ImportService } from './import/import.service.js';
import { ImportSweepService } from './import/import-sweep.service.js';
import { RemarkedImportService } from './import/remarked-import.service.js';
import { LookupController } from './lookup/lookup.controller.js';
import { LookupService } from './lookup/lookup.service.js';
import { MergeController } from './merge/merge.controller.js';
import { MergeService } from './merge/merge.service.js';
import { PersonController } from './person/person.controller.js';
import { PersonRecordsService } from './person/person-records.service.js';
import { PersonResolver } from './person/person.resolver.js';
import { PersonSearchService } from './person/person-search.service.js';
import { PersonService } from './person/person.service.js';
import { PlaceController } from './place/place.controller.js';
import { PlaceResolver } from './place/place.resolver.js';
import { PlaceService } from './place/place.service.js';
import { tablesWithSeals } from './sealed-tables.js';
import { threadKeys, Threads } from './threads/threads.js';

const services = [
  Commands,
  AccessLogService,
  AttachmentFiles,
  AttachmentService,
  AuditService,
  DossierFormsService,
  DossierMovesService,
  DossierService,
  DuplicateRunService,
  DuplicateService,
  EmployerService,
  EventService,
  HouseholdService,
  ImportService,
  KeyRotationService,
  LookupService,
  ListExportService,
  MergeService,
  PersonRecordsService,
  PersonSearchService,
  PersonService,
  PlaceService,
  RemarkedImportService,
  Threads,
  TrackingService,
];

/** The subgraph: every query, command and field of it that is more than a column. */
const resolvers = [
  DossierPersonResolver,
  DossierResolver,
  EmployerResolver,
  EmploymentResolver,
  HouseholdMemberResolver,
  HouseholdResolver,
  PersonDossiersResolver,
  PersonEmploymentsResolver,
  PersonHouseholdResolver,
  PersonResolver,
  PlaceResolver,
];

@Module({})
export class RegistryModule {
  constructor(dataSource: DataSource) {
    observePool(dataSource);
  }

  static forApi(config: Config): DynamicModule {
    return assemble(config, {
      imports: [
        GraphQLModule.forRoot<ApolloFederationDriverConfig>({
          driver: ApolloFederationDriver,
          ...subgraphOptions(),
        }),
      ],
      controllers: [
        AccessLogController,
        AttachmentController,
        AuditController,
        DossierController,
        DossierMovesController,
        DuplicateController,
        EmployerController,
        EmploymentLookupController,
        EventController,
        HouseholdClassesController,
        HouseholdController,
        ImportController,
        KeyRotationController,
        LookupController,
        MergeController,
        PersonController,
        PlaceController,
        ProcedureController,
        TrackingController,
      ],
      providers: [
        { provide: threadKeys, useValue: { sealingKeys: config.sealingKeys, lookupKey: config.lookupKey } },
        { provide: attachmentSettings, useValue: config.attachments },
        { provide: importDaysKept, useValue: config.importDaysKept },
        Loaders,
        ...services,
        ...resolvers,
      ],
    });
  }

  /**
   * What nobody asks for at that moment: the days of the audit log are signed, a rotation of the key is carried out, and what
   * lists left behind is swept.
   */
  static forWorker(config: Config): DynamicModule {
    return assemble(config, {
      imports: [],
      controllers: [],
      providers: [
        { provide: rootSigner, useValue: new RootSigner(signingKeyOf(config)) },
        ...housekeeping(DayCloser, ImportSweepService, KeyRotator),
      ],
    });
  }
}

type Parts = Required<Pick<DynamicModule, 'imports' | 'controllers' | 'providers'>>;

function assemble(config: Config, parts: Parts): DynamicModule {
  return {
    module: RegistryModule,
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
      { provide: requireServiceLogin, inject: [DataSource], useFactory: requireServiceLogin },
      { provide: auditLogName, useValue: 'ansinh/registry' },
      { provide: sealedTables, useValue: tablesWithSeals },
      SealingKeyCheck,
      { provide: Sealer, useValue: new Sealer(readSealingKeys(config.sealingKeys, config.lookupKey)) },
      ...parts.providers,
    ],
  };
}
