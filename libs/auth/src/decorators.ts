import { createParamDecorator, type ExecutionContext, SetMetadata } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { Actor } from './actor.js';
import type { Permission } from './permissions.js';

export const requiredPermission = 'ansinh:permission';
export const publicRoute = 'ansinh:public';

/** The permission that a route or resolver asks for. Each one declares either this or {@link Public}. */
export const Requires = (permission: Permission) => SetMetadata(requiredPermission, permission);

/** Open to anybody: health and documentation, nothing that names a person or moves money. */
export const Public = () => SetMetadata(publicRoute, true);

/** A request after the guard has seen it. */
export type AuthenticatedRequest = FastifyRequest & { actor?: Actor };

/** The request behind a handler, REST or GraphQL alike (Apollo's context carries it as `req`). */
export function requestOf(context: ExecutionContext): AuthenticatedRequest {
  if (context.getType<string>() !== 'graphql')
    return context.switchToHttp().getRequest<AuthenticatedRequest>();
  const handed = context.getArgs<{ req: AuthenticatedRequest }[]>();
  // Resolvers get (parent, arguments, context, info); a reference resolver of a federated entity gets no arguments.
  const { req } = handed[handed.length === 3 ? 1 : 2]!;
  return req;
}

/** The verified caller. */
export const CurrentActor = createParamDecorator((_: unknown, context: ExecutionContext): Actor => {
  const { actor } = requestOf(context);
  if (!actor) throw new Error('CurrentActor on a route without @Requires');
  return actor;
});
