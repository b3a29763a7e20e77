import { testOfficePolicies } from '@ansinh/testing';
import { dataSourceOptions } from '../src/data-source.js';
import { freshDatabase } from './harness.js';
import { plantRows } from './planted-rows.js';

testOfficePolicies({
  freshDatabase,
  dataSourceOptions,
  plantRows,
  tablesMin: 23,
  firstStates: { loan: 'applied', disbursement: 'ordered', payout: 'frozen', bank_exception: 'open' },
});
