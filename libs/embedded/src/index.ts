export { databaseUrl, dropServiceLogin, ensureServiceLogin } from './databases.js';
export { DEMO_USERS, type DemoUser, programmeService, registryFollower } from './demo-users.js';
export { throwawayDirectory } from './directories.js';
export { describeError, FriendlyError, say, type Bilingual } from './friendly-error.js';
export { startIssuer, type Issuer, type IssuerOptions, type TokenClaims } from './issuer.js';
export { nodeFlags } from './node-flags.js';
export { freePort } from './ports.js';
export { backUpPostgres, restorePostgres } from './postgres-backup.js';
export { startPostgres, type Postgres, type PostgresOptions } from './postgres.js';
export { findRedis, type Redis, startRedis } from './redis.js';
export {
  runToEnd,
  startService,
  type ServiceEnd,
  type ServiceOptions,
  type ServiceProcess,
} from './service-process.js';
export { startSuite, type Suite, type SuiteOptions } from './suite.js';
export { lastLines } from './log-file.js';
