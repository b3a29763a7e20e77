export type { Actor } from './actor.js';
export { AuthModule } from './auth.module.js';
export { CurrentActor, Public, publicRoute, requestOf, requiredPermission, Requires } from './decorators.js';
export type { AuthenticatedRequest } from './decorators.js';
export { scopeOf } from './office-scope.js';
export { ForOfficials } from './on-behalf.js';
export { permissions } from './permissions.js';
export type { Permission } from './permissions.js';
export { TokenVerifier } from './token-verifier.js';
