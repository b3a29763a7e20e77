export { readConfig } from './config.js';
export type { Setting } from './config.js';
export { createService } from './create-service.js';
export { HealthModule } from './health.js';
export type { ReadyCheck } from './health.js';
export { listen } from './listen.js';
export { createLogger, NestLogger } from './logger.js';
export { describeApi, serveApiPage } from './openapi.js';
export { ServiceStop } from './stop.js';
