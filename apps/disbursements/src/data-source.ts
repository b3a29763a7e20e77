import type { DataSourceOptions } from 'typeorm';
import { databaseOptions } from '@ansinh/database';
import { Batch } from './batch/batch.entity.js';
import { BankProfile } from './bank-profile/bank-profile.entity.js';
import { Fund } from './fund/fund.entity.js';
import { CreateGuards1795400000000 } from './migrations/1795400000000-create-guards.js';
import { CreateFundsAndLedger1795400100000 } from './migrations/1795400100000-create-funds-and-ledger.js';
import { CreateBatches1795400200000 } from './migrations/1795400200000-create-batches.js';
import { CreatePayments1795400300000 } from './migrations/1795400300000-create-payments.js';
import { CreateBankProfiles1795500500000 } from './migrations/1795500500000-create-bank-profiles.js';
import { ChainAuditLog1795500700000 } from './migrations/1795500700000-chain-audit-log.js';
import { CreateAccessLog1795500800000 } from './migrations/1795500800000-create-access-log.js';
import { CreateKeyRotation1795500800100 } from './migrations/1795500800100-create-key-rotation.js';
import { CreateCashLists1795501100000 } from './migrations/1795501100000-create-cash-lists.js';
import { CreateFollowUps1795501200000 } from './migrations/1795501200000-create-follow-ups.js';
import { CreateSchedules1795501210000 } from './migrations/1795501210000-create-schedules.js';
import { CreateSamples1795501220000 } from './migrations/1795501220000-create-samples.js';
import { ProtectOffices1795501230000 } from './migrations/1795501230000-protect-offices.js';
import { OrderStatements1795501240000 } from './migrations/1795501240000-order-statements.js';
import { CreateRefusedDocuments1795501250000 } from './migrations/1795501250000-create-refused-documents.js';
import { GuardOutcomes1795501260000 } from './migrations/1795501260000-guard-outcomes.js';
import { CreateRecovery1795501300000 } from './migrations/1795501300000-create-recovery.js';
import { CreateRegistryProjection1796000710000 } from './migrations/1796000710000-create-registry-projection.js';
import { TellOutcomes1796000720000 } from './migrations/1796000720000-tell-outcomes.js';
import { Programme } from './programme/programme.entity.js';
import { Schedule } from './schedule/schedule.entity.js';

export function dataSourceOptions(url: string, statementTimeoutMs?: number): DataSourceOptions {
  return databaseOptions({
    url,
    statementTimeoutMs,
    applicationName: 'ansinh-disbursements',
    entities: [BankProfile, Batch, Fund, Programme, Schedule],
    migrations: [
      CreateGuards1795400000000,
      CreateFundsAndLedger1795400100000,
      CreateBatches1795400200000,
      CreatePayments1795400300000,
      CreateBankProfiles1795500500000,
      ChainAuditLog1795500700000,
      CreateAccessLog1795500800000,
      CreateKeyRotation1795500800100,
      CreateCashLists1795501100000,
      CreateFollowUps1795501200000,
      CreateSchedules1795501210000,
      CreateSamples1795501220000,
      ProtectOffices1795501230000,
      OrderStatements1795501240000,
      CreateRefusedDocuments1795501250000,
      GuardOutcomes1795501260000,
      CreateRecovery1795501300000,
      CreateRegistryProjection1796000710000,
      TellOutcomes1796000720000,
    ],
  });
}
