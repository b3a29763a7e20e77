export { describeWith, redisForTests, type RedisForTests } from './redis-for-tests.js';
export { createTestDatabase, type TestDatabase, type TestDatabaseOptions } from './test-database.js';
export { testIssuer } from './test-issuer.js';
export { TcpProxy } from './tcp-proxy.js';
export { spawnApp, type SpawnAppOptions, type SpawnedApp } from './spawn-app.js';
