import { testRoutes } from '@ansinh/testing';
import { startHarness } from './harness.js';
import { operationsOf, request } from './operations.js';

testRoutes({ start: startHarness, operationsOf, request, routesMin: 12 });
