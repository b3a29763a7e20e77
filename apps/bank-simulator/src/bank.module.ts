import { type DynamicModule, Module } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { TypeOrmModule } from '@nestjs/typeorm';
import { HealthModule } from '@ansinh/service';
import { DataSource } from 'typeorm';
import { AccountController } from './account/account.controller.js';
import { AccountService } from './account/account.service.js';
import { BooksController } from './books/books.controller.js';
import { BooksService } from './books/books.service.js';
import { type Config, configToken } from './config.js';
import { bankDatabase } from './database.js';
import { DocumentController } from './document/document.controller.js';
import { DocumentService } from './document/document.service.js';
import { PublicationService } from './document/publication.service.js';
import { FaultController } from './fault/fault.controller.js';
import { FaultService } from './fault/fault.service.js';
import { CustomerGuard } from './customer.guard.js';
import { AcceptanceService } from './message/acceptance.service.js';
import { MessageController } from './message/message.controller.js';
import { SettlementLoop } from './settlement/settlement.loop.js';
import { SettlementService } from './settlement/settlement.service.js';
import { StatementController } from './statement/statement.controller.js';
import { StatementService } from './statement/statement.service.js';

@Module({})
export class BankModule {
  static with(config: Config): DynamicModule {
    return {
      module: BankModule,
      imports: [
        TypeOrmModule.forRoot({ ...bankDatabase(config.databaseUrl), retryAttempts: 0 }),
        HealthModule.withChecks([DataSource], (dataSource: DataSource) => ({
          database: () => dataSource.query('SELECT 1'),
        })),
      ],
      controllers: [
        AccountController,
        BooksController,
        DocumentController,
        FaultController,
        MessageController,
        StatementController,
      ],
      providers: [
        { provide: configToken, useValue: config },
        { provide: APP_GUARD, useClass: CustomerGuard },
        AcceptanceService,
        AccountService,
        BooksService,
        DocumentService,
        FaultService,
        PublicationService,
        SettlementLoop,
        SettlementService,
        StatementService,
      ],
    };
  }
}
