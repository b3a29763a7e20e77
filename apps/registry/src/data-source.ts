import type { DataSourceOptions } from 'typeorm';
import { databaseOptions } from '@ansinh/database';
import { CreateGuards1796000000000 } from './migrations/1796000000000-create-guards.js';
import { CreatePeople1796000100000 } from './migrations/1796000100000-create-people.js';
import { CreateHouseholdsAndEmployers1796000200000 } from './migrations/1796000200000-create-households-and-employers.js';
import { CreateDossiers1796000500000 } from './migrations/1796000500000-create-dossiers.js';
import { CreateImports1796000600000 } from './migrations/1796000600000-create-imports.js';
import { IndexPeople1796000610000 } from './migrations/1796000610000-index-people.js';
import { CreateEvents1796000700000 } from './migrations/1796000700000-create-events.js';
import { CreateAttachments1796000900000 } from './migrations/1796000900000-create-attachments.js';
import { CreateMerges1796001000000 } from './migrations/1796001000000-create-merges.js';
import { CreateDuplicates1796001010000 } from './migrations/1796001010000-create-duplicates.js';
import { IndexNameWords1796001100000 } from './migrations/1796001100000-index-name-words.js';
import { CheckReferencesByStatement1796001110000 } from './migrations/1796001110000-check-references-by-statement.js';
import { CreateKeyRotation1796001130000 } from './migrations/1796001130000-create-key-rotation.js';
import { SweepImports1796001140000 } from './migrations/1796001140000-sweep-imports.js';
import { SearchFormerNames1796001150000 } from './migrations/1796001150000-search-former-names.js';
import { PromiseAnotherDay1796001160000 } from './migrations/1796001160000-promise-another-day.js';
import { CompareWords1796001180000 } from './migrations/1796001180000-compare-words.js';
import { IndexNamesByBirth1796001170000 } from './migrations/1796001170000-index-names-by-birth.js';
import { KeepNameWordsInOrder1796001181000 } from './migrations/1796001181000-keep-name-words-in-order.js';
import { ClaimChunks1796001220000 } from './migrations/1796001220000-claim-chunks.js';
import { CountFindingsOnce1796001221000 } from './migrations/1796001221000-count-findings-once.js';
import { ReferToSurvivorsByStatement1796001222000 } from './migrations/1796001222000-refer-to-survivors-by-statement.js';
import { NameServices1796001120000 } from './migrations/1796001120000-name-services.js';

export function dataSourceOptions(url: string, statementTimeoutMs?: number): DataSourceOptions {
  return databaseOptions({
    url,
    statementTimeoutMs,
    applicationName: 'ansinh-registry',
    entities: [],
    migrations: [
      CreateGuards1796000000000,
      CreatePeople1796000100000,
      CreateHouseholdsAndEmployers1796000200000,
      CreateDossiers1796000500000,
      CreateImports1796000600000,
      IndexPeople1796000610000,
      CreateEvents1796000700000,
      CreateAttachments1796000900000,
      CreateMerges1796001000000,
      CreateDuplicates1796001010000,
      IndexNameWords1796001100000,
      CheckReferencesByStatement1796001110000,
      NameServices1796001120000,
      CreateKeyRotation1796001130000,
      SweepImports1796001140000,
      SearchFormerNames1796001150000,
      PromiseAnotherDay1796001160000,
      IndexNamesByBirth1796001170000,
      CompareWords1796001180000,
      KeepNameWordsInOrder1796001181000,
      ClaimChunks1796001220000,
      CountFindingsOnce1796001221000,
      ReferToSurvivorsByStatement1796001222000,
    ],
  });
}
