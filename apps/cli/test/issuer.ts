import fastify from 'fastify';
import { SignJWT } from 'jose';

export interface Issuer {
  url: string;
  /** What was asked of the token endpoint, oldest first. */
  asked: Record<string, string>[];
  stop: () => Promise<void>;
}

const key = new TextEncoder().encode('a secret of this test, long enough');

/** An OpenID Connect issuer with passwords `<user>-demo`, refresh tokens (not for `leaver`), and (unless told otherwise) device sign-in. */
export async function startIssuer({ device = true, expiresIn = 3600 } = {}): Promise<Issuer> {
  const app = fastify({ forceCloseConnections: true });
  const asked: Record<string, string>[] = [];
  let url = '';
  app.addContentTypeParser(
    'application/x-www-form-urlencoded',
    { parseAs: 'string' },
    (_request, body, done) => done(null, Object.fromEntries(new URLSearchParams(body.toString()))),
  );
  app.get('/.well-known/openid-configuration', () => ({
    issuer: url,
    jwks_uri: `${url}/jwks`,
    token_endpoint: `${url}/token`,
    ...(device && { device_authorization_endpoint: `${url}/device` }),
    grant_types_supported: ['password', 'refresh_token'],
    scopes_supported: ['openid', 'offline_access'],
  }));
  app.post('/device', () => ({
    device_code: 'device',
    user_code: 'WDJB-MJHT',
    verification_uri: `${url}/activate`,
    expires_in: 60,
    interval: 1,
  }));
  app.post<{ Body: Record<string, string> }>('/token', async ({ body }, reply) => {
    asked.push(body);
    const user = userOf(body);
    if (!user) return reply.status(400).send({ error: 'invalid_grant', error_description: refusalOf(body) });
    const isPending = user === 'device' && asked.length === 1;
    if (isPending) return reply.status(400).send({ error: 'authorization_pending' });
    return {
      access_token: await tokenOf(user, asked.length),
      token_type: 'Bearer',
      expires_in: expiresIn,
      refresh_token: user,
    };
  });
  url = await app.listen({ host: '127.0.0.1', port: 0 });
  return { url, asked, stop: () => app.close() };
}

function userOf(body: Record<string, string>): string | undefined {
  if (body['device_code']) return 'device';
  if (body['refresh_token'] === 'leaver') return undefined;
  if (body['refresh_token']) return body['refresh_token'];
  return body['password'] === `${body['username']}-demo` ? body['username'] : undefined;
}

const refusalOf = (body: Record<string, string>): string =>
  body['refresh_token'] ? 'the user has left' : 'wrong password';

export function tokenOf(user: string, serial = 0): Promise<string> {
  return new SignJWT({ name: `Bà ${user}`, office: '27', permissions: ['batch:read'], serial })
    .setProtectedHeader({ alg: 'HS256' })
    .setSubject(user)
    .setExpirationTime('1h')
    .sign(key);
}
