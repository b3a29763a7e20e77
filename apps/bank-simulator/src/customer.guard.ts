import { createHash, timingSafeEqual } from 'node:crypto';
import { type CanActivate, type ExecutionContext, Inject, Injectable, SetMetadata } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { publicRoute } from '@ansinh/auth';
import { problems, ProblemError } from '@ansinh/problem';
import type { FastifyRequest } from 'fastify';
import { type Config, configToken } from './config.js';

const customerRoute = 'bank:customer';

/** A route for the bank's customer, who shows the token that both sides agreed upon. */
export const ForCustomer = () => SetMetadata(customerRoute, true);

/** The one door: a route that declares nothing is closed to everybody. */
@Injectable()
export class CustomerGuard implements CanActivate {
  private readonly expected: Buffer;

  constructor(
    @Inject(configToken) config: Config,
    private readonly reflector: Reflector,
  ) {
    this.expected = digestOf(config.token);
  }

  canActivate(context: ExecutionContext): boolean {
    const targets = [context.getHandler(), context.getClass()];
    if (this.reflector.getAllAndOverride<boolean>(publicRoute, targets)) return true;
    if (!this.reflector.getAllAndOverride<boolean>(customerRoute, targets)) {
      throw new ProblemError(problems.forbidden);
    }
    const { authorization } = context.switchToHttp().getRequest<FastifyRequest>().headers;
    const token = /^Bearer (\S+)$/i.exec(authorization ?? '')?.[1] ?? '';
    // Digests have one length, so the comparison takes one time whatever was sent.
    if (timingSafeEqual(digestOf(token), this.expected)) return true;
    throw new ProblemError(problems.unauthenticated);
  }
}

function digestOf(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}
