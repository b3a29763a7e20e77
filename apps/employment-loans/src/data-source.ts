import type { DataSourceOptions } from 'typeorm';
import { databaseOptions } from '@ansinh/database';
import { CreateGuards1796200010000 } from './migrations/1796200010000-create-guards.js';
import { CreateCapital1796200020000 } from './migrations/1796200020000-create-capital.js';
import { CreatePayouts1796200025000 } from './migrations/1796200025000-create-payouts.js';
import { CreateLoans1796200030000 } from './migrations/1796200030000-create-loans.js';
import { CreateClosings1796200100000 } from './migrations/1796200100000-create-closings.js';
import { CreateKeyRotation1796200400000 } from './migrations/1796200400000-create-key-rotation.js';
import { CreateBankFiles1796200600000 } from './migrations/1796200600000-create-bank-files.js';
import { SeeLoansInBulk1796200650000 } from './migrations/1796200650000-see-loans-in-bulk.js';
import { CreateDebtGroupChanges1796200660000 } from './migrations/1796200660000-create-debt-group-changes.js';
import { CreateEvents1796200670000 } from './migrations/1796200670000-create-events.js';
import { RevolveCapital1796200700000 } from './migrations/1796200700000-revolve-capital.js';
import { CreateLawConfirmations1796200710000 } from './migrations/1796200710000-create-law-confirmations.js';
import { CreateJobFindings1796200711000 } from './migrations/1796200711000-create-job-findings.js';
import { KeepLawFacts1796200712000 } from './migrations/1796200712000-keep-law-facts.js';
import { LeaveJobsUndecided1796200820000 } from './migrations/1796200820000-leave-jobs-undecided.js';
import { KeepTheDayThatAgrees1796200821000 } from './migrations/1796200821000-keep-the-day-that-agrees.js';
import { JudgeJobsAgain1796200830000 } from './migrations/1796200830000-judge-jobs-again.js';

export function dataSourceOptions(url: string, statementTimeoutMs?: number): DataSourceOptions {
  return databaseOptions({
    url,
    statementTimeoutMs,
    applicationName: 'ansinh-employment-loans',
    entities: [],
    migrations: [
      CreateGuards1796200010000,
      CreateCapital1796200020000,
      CreatePayouts1796200025000,
      CreateLoans1796200030000,
      CreateClosings1796200100000,
      CreateKeyRotation1796200400000,
      CreateBankFiles1796200600000,
      SeeLoansInBulk1796200650000,
      CreateDebtGroupChanges1796200660000,
      CreateEvents1796200670000,
      RevolveCapital1796200700000,
      CreateLawConfirmations1796200710000,
      CreateJobFindings1796200711000,
      KeepLawFacts1796200712000,
      LeaveJobsUndecided1796200820000,
      KeepTheDayThatAgrees1796200821000,
      JudgeJobsAgain1796200830000,
    ],
  });
}
