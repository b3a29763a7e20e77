import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { problems, ProblemError } from '@ansinh/problem';
import { publicRoute, requestOf, requiredPermission } from './decorators.js';
import { behalfHeader, officialOf, officialsRoute } from './on-behalf.js';
import type { Permission } from './permissions.js';
import { TokenVerifier } from './token-verifier.js';

/** The one door: a route that declares nothing is closed to everybody. */
@Injectable()
export class AuthGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly verifier: TokenVerifier,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const targets = [context.getHandler(), context.getClass()];
    if (this.reflector.getAllAndOverride<boolean>(publicRoute, targets)) return true;
    const permission = this.reflector.getAllAndOverride<Permission | undefined>(requiredPermission, targets);
    if (!permission) throw new ProblemError(problems.forbidden);
    const request = requestOf(context);
    const token = /^Bearer (\S+)$/i.exec(request.headers.authorization ?? '')?.[1];
    if (!token) throw new ProblemError(problems.unauthenticated);
    request.actor ??= await this.verifier.verify(token);
    request.actor = officialOf(request.actor, {
      header: request.headers[behalfHeader],
      isForOfficials: this.reflector.getAllAndOverride<boolean>(officialsRoute, targets) ?? false,
      isCommand: request.method !== 'GET',
    });
    if (request.actor.permissions.has(permission)) return true;
    throw new ProblemError(problems.forbidden, {
      detail: {
        vi: `Tài khoản không có quyền «${permission}».`,
        en: `The account does not have the permission "${permission}".`,
      },
    });
  }
}
