import { testRoutes } from '@ansinh/testing';
import { startHarness } from './harness.js';
import { noRecords, operationsOf, request } from './operations.js';

testRoutes({
  start: startHarness,
  operationsOf,
  request: (client, operation) => request(client, operation, noRecords()),
  routesMin: 31,
});
