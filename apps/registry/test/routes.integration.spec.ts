import { testRoutes } from '@ansinh/testing';
import { startHarness } from './harness.js';
import { noRecords, operationsOf, request } from './operations.js';

/** An applicant has no account: the secret on the receipt is what opens the one dossier. */
const publicRoutes = ['TrackingController.trackDossier (POST)'];

testRoutes({
  start: startHarness,
  operationsOf,
  request: (client, operation) => request(client, operation, noRecords()),
  publicRoutes,
  routesMin: 50,
});
