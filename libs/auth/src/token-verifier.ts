import { Injectable, Logger } from '@nestjs/common';
import { problems, ProblemError } from '@ansinh/problem';
import { createRemoteJWKSet, errors, jwtVerify, type JWTPayload, type JWTVerifyGetKey } from 'jose';
import { LRUCache } from 'lru-cache';
import type { Actor } from './actor.js';
import { type Permission, permissions } from './permissions.js';

const known = new Set<string>(permissions);
const rememberedMax = 10_000;
/** So long does a token still pass whose key the issuer has withdrawn. */
const rememberedMs = 60_000;

/** Verifies access tokens against the issuer's published keys (OIDC discovery, JWKS cached by `jose`). */
@Injectable()
export class TokenVerifier {
  private readonly logger = new Logger('auth');
  private keys: JWTVerifyGetKey | undefined;
  /** An office sends the same token for hours, and checking its signature costs more than most of what is asked. */
  private readonly remembered = new LRUCache<string, Actor>({ max: rememberedMax });

  constructor(
    private readonly issuer: string,
    private readonly audience: string,
  ) {}

  async verify(token: string): Promise<Actor> {
    const remembered = this.remembered.get(token);
    if (remembered) return remembered;
    try {
      this.keys ??= await this.discover();
      const { payload } = await jwtVerify(token, this.keys, {
        issuer: this.issuer,
        audience: this.audience,
        algorithms: ['RS256', 'ES256'],
        requiredClaims: ['sub', 'exp', 'office'],
      });
      const actor = toActor(payload);
      this.remember(token, actor, payload.exp!);
      return actor;
    } catch (error) {
      if (error instanceof errors.JOSEError && !(error instanceof errors.JWKSTimeout)) {
        throw new ProblemError(problems.unauthenticated);
      }
      this.logger.error(error, 'the issuer of tokens cannot be reached');
      throw new ProblemError(problems.unavailable, {
        detail: {
          vi: 'Không kết nối được hệ thống đăng nhập.',
          en: 'The sign-in system cannot be reached.',
        },
      });
    }
  }

  private remember(token: string, actor: Actor, expiresAt: number): void {
    const leftMs = expiresAt * 1_000 - Date.now();
    if (leftMs > 0) this.remembered.set(token, actor, { ttl: Math.min(leftMs, rememberedMs) });
  }

  private async discover(): Promise<JWTVerifyGetKey> {
    const answer = await fetch(`${this.issuer.replace(/\/$/, '')}/.well-known/openid-configuration`, {
      signal: AbortSignal.timeout(5_000),
    });
    if (!answer.ok) throw new Error(`discovery answered ${answer.status}`);
    const { jwks_uri: keysUrl } = (await answer.json()) as { jwks_uri: string };
    return createRemoteJWKSet(new URL(keysUrl));
  }
}

function toActor(payload: JWTPayload): Actor {
  const claimed = Array.isArray(payload['permissions']) ? payload['permissions'] : [];
  // Keycloak writes only the claim of OpenID Connect unless it is told to.
  const client = payload['client_id'] ?? payload['azp'];
  return {
    id: String(payload.sub),
    name: typeof payload['name'] === 'string' ? payload['name'] : String(payload.sub),
    office: String(payload['office']),
    permissions: new Set(claimed.filter((claim): claim is Permission => known.has(String(claim)))),
    ...(typeof client === 'string' && { client }),
  };
}
