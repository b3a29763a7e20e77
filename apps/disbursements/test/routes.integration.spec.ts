import { testRoutes } from '@ansinh/testing';
import type { PlayedClient } from './harness.js';
import { startHarness } from './harness.js';
import { operationsOf, request } from './operations.js';

const records = {
  fundId: crypto.randomUUID(),
  batchId: crypto.randomUUID(),
  exceptionId: crypto.randomUUID(),
  scheduleId: crypto.randomUUID(),
  sampleId: crypto.randomUUID(),
};

testRoutes({
  start: () => startHarness(),
  operationsOf,
  request: (client, operation) => request(client as PlayedClient, operation, records),
  routesMin: 30,
});
