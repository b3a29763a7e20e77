import { testOfficePolicies } from '@ansinh/testing';
import { dataSourceOptions } from '../src/data-source.js';
import { freshDatabase } from './harness.js';
import { plantRows } from './planted-rows.js';

testOfficePolicies({
  freshDatabase,
  dataSourceOptions,
  plantRows,
  tablesMin: 53,
  firstStates: {
    support_run: 'deciding',
    poverty_review: 'open',
    grievance: 'received',
    recovery: 'proposed',
    review_correction: 'proposed',
    payout: 'frozen',
  },
});
