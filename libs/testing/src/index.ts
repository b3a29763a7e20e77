export { describeWith, redisForTests, type RedisForTests } from './redis-for-tests.js';
export { createTestDatabase, type TestDatabase, type TestDatabaseOptions } from './test-database.js';
export { createOwnedDatabase, type OwnedDatabase } from './owned-database.js';
export { registrySecret, testIssuer } from './test-issuer.js';
export { TcpProxy } from './tcp-proxy.js';
export { spawnApp, type SpawnAppOptions, type SpawnedApp } from './spawn-app.js';
export { type Operation, operationsIn } from './operations.js';
export { type PlayedClient, type Player, statedPurpose } from './played-client.js';
export { attempt, scopeOfOffice, seenRows, testOfficePolicies } from './policy-suite.js';
export { testRoutes } from './route-suite.js';
export { textOfPdf } from './pdf-text.js';
export {
  auditReader,
  daysAgo,
  type Event as AuditedEvent,
  hashOf,
  readLog,
  verifyRead,
} from './audit-log.js';
export { testAuditLog } from './audit-suite.js';
export { serviceHarness, type ServiceHarness, testKeys } from './service-harness.js';
export { testKeyRotation } from './key-rotation-suite.js';
