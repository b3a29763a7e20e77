import type { DataSourceOptions } from 'typeorm';
import { databaseOptions } from '@ansinh/database';
import { CreateGuards1796100010000 } from './migrations/1796100010000-create-guards.js';
import { CreateSupport1796100020000 } from './migrations/1796100020000-create-support.js';
import { CreatePayouts1796100030000 } from './migrations/1796100030000-create-payouts.js';
import { CreateLaw1796100050000 } from './migrations/1796100050000-create-law.js';
import { CreateBeneficiaries1796100100000 } from './migrations/1796100100000-create-beneficiaries.js';
import { CreatePovertyReviews1796100200000 } from './migrations/1796100200000-create-poverty-reviews.js';
import { CreateGrievances1796100210000 } from './migrations/1796100210000-create-grievances.js';
import { CreateKeyRotation1796100400000 } from './migrations/1796100400000-create-key-rotation.js';
import { AddPayees1796100600000 } from './migrations/1796100600000-add-payees.js';
import { CreateReviewTelling1796100610000 } from './migrations/1796100610000-create-review-telling.js';
import { CheckReferencesByStatement1796100620000 } from './migrations/1796100620000-check-references-by-statement.js';
import { NoteWhatIsUnpaid1796100621000 } from './migrations/1796100621000-note-what-is-unpaid.js';
import { CreateRecoveries1796100630000 } from './migrations/1796100630000-create-recoveries.js';
import { CreateRemarkedLists1796100640000 } from './migrations/1796100640000-create-remarked-lists.js';
import { FindDecisionsByMonth1796100700000 } from './migrations/1796100700000-find-decisions-by-month.js';
import { FollowRegistry1796100740000 } from './migrations/1796100740000-follow-registry.js';
import { CorrectReviews1796100740010 } from './migrations/1796100740010-correct-reviews.js';
import { KeepRefusedAnswers1796100760000 } from './migrations/1796100760000-keep-refused-answers.js';
import { SweepCells1796100761000 } from './migrations/1796100761000-sweep-cells.js';
import { KeepMembersByBlocks1796100780000 } from './migrations/1796100780000-keep-members-by-blocks.js';
import { RememberWhatWasTold1796100800000 } from './migrations/1796100800000-remember-what-was-told.js';
import { FindReleased1796100801000 } from './migrations/1796100801000-find-released.js';

export function dataSourceOptions(url: string, statementTimeoutMs?: number): DataSourceOptions {
  return databaseOptions({
    url,
    statementTimeoutMs,
    applicationName: 'ansinh-social-protection',
    entities: [],
    migrations: [
      CreateGuards1796100010000,
      CreateSupport1796100020000,
      CreatePayouts1796100030000,
      CreateLaw1796100050000,
      CreateBeneficiaries1796100100000,
      CreatePovertyReviews1796100200000,
      CreateGrievances1796100210000,
      CreateKeyRotation1796100400000,
      AddPayees1796100600000,
      CreateReviewTelling1796100610000,
      CheckReferencesByStatement1796100620000,
      NoteWhatIsUnpaid1796100621000,
      CreateRecoveries1796100630000,
      CreateRemarkedLists1796100640000,
      FindDecisionsByMonth1796100700000,
      FollowRegistry1796100740000,
      CorrectReviews1796100740010,
      KeepRefusedAnswers1796100760000,
      SweepCells1796100761000,
      KeepMembersByBlocks1796100780000,
      RememberWhatWasTold1796100800000,
      FindReleased1796100801000,
    ],
  });
}
