import { createHash, randomUUID, timingSafeEqual } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import fastify, { type FastifyInstance } from 'fastify';
import {
  calculateJwkThumbprint,
  exportJWK,
  generateKeyPair,
  importJWK,
  SignJWT,
  type CryptoKey,
  type JWK,
} from 'jose';
import type { DemoClient, DemoUser } from './demo-users.js';
import { assertPortFree } from './ports.js';

/** A working day: whoever starts in the morning need not sign in again. */
const TOKEN_SECONDS = 8 * 60 * 60;
const ALGORITHM = 'ES256';
const AUDIENCE = 'ansinh';

export interface IssuerOptions {
  /** Of 127.0.0.1; 0 takes any free one. */
  port: number;
  users: readonly DemoUser[];
  /** Services that ask in their own name. */
  clients?: readonly DemoClient[];
  /** Where the signing key is kept (mode 600), so that tokens outlive a restart; left out: a new key each time. */
  keyFile?: string;
}

/** The claims that the services read. */
export interface TokenClaims {
  sub: string;
  name?: string;
  permissions: readonly string[];
  office: string;
  /** Client that the token is given to. */
  client?: string;
  /** Seconds from now; may be negative, for an expired token. */
  expiresIn?: number;
  audience?: string;
}

export interface Issuer {
  readonly url: string;
  /** An access token signed by this issuer, without asking for a password. */
  token(claims: TokenClaims): Promise<string>;
  stop(): Promise<void>;
}

interface SigningKey {
  privateKey: CryptoKey;
  publicJwk: JWK;
  keyId: string;
}

/**
 * A local OpenID Connect issuer for demonstrations, development and tests: discovery, JWKS, the password grant and that of
 * client credentials (RFC 6749 §4.3, §4.4). It listens on 127.0.0.1 only and must never stand in for a real one: its passwords are public.
 */
export async function startIssuer(options: IssuerOptions): Promise<Issuer> {
  if (options.port) await assertPortFree(options.port, 'OIDC issuer', 'ISSUER_PORT');
  const key = await signingKey(options.keyFile);
  const server = fastify({ forceCloseConnections: true, bodyLimit: 10_000 });
  let url = '';
  const token = (claims: TokenClaims) => sign(key, url, claims);
  acceptForms(server);
  server.get('/.well-known/openid-configuration', () => discovery(url));
  server.get('/jwks', () => ({ keys: [key.publicJwk] }));
  server.get('/health/ready', () => ({ status: 'ok' }));
  server.post<{ Body: URLSearchParams }>('/token', async (request, reply) => {
    // RFC 6749 §5.1: an answer with a token is never cached.
    reply.header('cache-control', 'no-store');
    const answer = await grant(request.body, options, token);
    return reply.code('error' in answer ? 400 : 200).send(answer);
  });
  url = await server.listen({ port: options.port, host: '127.0.0.1' });
  return { url, token, stop: () => server.close() };
}

/** `application/x-www-form-urlencoded`, the only thing that RFC 6749 sends. */
function acceptForms(server: FastifyInstance): void {
  const type = 'application/x-www-form-urlencoded';
  server.addContentTypeParser(type, { parseAs: 'string' }, (_request, body, done) => {
    done(null, new URLSearchParams(body.toString()));
  });
}

/** OpenID Connect Discovery 1.0 §3. There is no authorization endpoint: nobody signs in by a browser here. */
function discovery(url: string): Record<string, unknown> {
  return {
    issuer: url,
    jwks_uri: `${url}/jwks`,
    token_endpoint: `${url}/token`,
    grant_types_supported: ['password', 'client_credentials'],
    response_types_supported: ['token'],
    subject_types_supported: ['public'],
    id_token_signing_alg_values_supported: [ALGORITHM],
    token_endpoint_auth_methods_supported: ['none', 'client_secret_post'],
    scopes_supported: ['openid'],
    claims_supported: ['sub', 'name', 'permissions', 'office', 'client_id'],
  };
}

type TokenAnswer =
  | { access_token: string; token_type: 'Bearer'; expires_in: number; scope: string }
  | {
      error: 'invalid_request' | 'invalid_grant' | 'invalid_client' | 'unsupported_grant_type';
      error_description: string;
    };

async function grant(
  form: URLSearchParams | undefined,
  { users, clients = [] }: IssuerOptions,
  token: (claims: TokenClaims) => Promise<string>,
): Promise<TokenAnswer> {
  const [type, username, password] = ['grant_type', 'username', 'password'].map(
    (name) => form?.get(name) ?? '',
  );
  if (!type) return { error: 'invalid_request', error_description: 'grant_type is missing' };
  if (type === 'client_credentials') return grantToClient(form, clients, token);
  if (type !== 'password')
    return {
      error: 'unsupported_grant_type',
      error_description: 'only "password" and "client_credentials" are supported',
    };
  if (!username || !password) {
    return { error: 'invalid_request', error_description: 'username and password are required' };
  }
  const user = users.find((candidate) => candidate.username === username);
  if (!user || !isSameText(user.password, password)) {
    return {
      error: 'invalid_grant',
      error_description: 'sai tên hoặc mật khẩu / wrong user name or password',
    };
  }
  const { name, permissions, office } = user;
  return answerWith(await token({ sub: user.username, name, permissions, office }));
}

async function grantToClient(
  form: URLSearchParams | undefined,
  clients: readonly DemoClient[],
  token: (claims: TokenClaims) => Promise<string>,
): Promise<TokenAnswer> {
  const [id, secret] = ['client_id', 'client_secret'].map((name) => form?.get(name) ?? '');
  const client = clients.find((candidate) => candidate.id === id);
  if (!client || !secret || !isSameText(client.secret, secret))
    return { error: 'invalid_client', error_description: 'wrong client or secret' };
  const { name, permissions, office } = client;
  return answerWith(await token({ sub: client.id, name, permissions, office, client: client.id }));
}

const answerWith = (token: string): TokenAnswer => ({
  access_token: token,
  token_type: 'Bearer',
  expires_in: TOKEN_SECONDS,
  scope: 'openid',
});

/** Takes the same time whatever the texts are. */
function isSameText(expected: string, given: string): boolean {
  const [left, right] = [expected, given].map((text) => createHash('sha256').update(text).digest());
  return timingSafeEqual(left as Buffer, right as Buffer);
}

async function sign(key: SigningKey, issuer: string, claims: TokenClaims): Promise<string> {
  const now = Math.floor(Date.now() / 1000);
  const { sub, name = sub, permissions, office, client } = claims;
  return await new SignJWT({ name, permissions, office, ...(client && { client_id: client }) })
    .setProtectedHeader({ alg: ALGORITHM, kid: key.keyId, typ: 'at+jwt' })
    .setIssuer(issuer)
    .setSubject(sub)
    .setAudience(claims.audience ?? AUDIENCE)
    .setIssuedAt(now)
    .setExpirationTime(now + (claims.expiresIn ?? TOKEN_SECONDS))
    .setJti(randomUUID())
    .sign(key.privateKey);
}

async function signingKey(keyFile: string | undefined): Promise<SigningKey> {
  const jwk = keyFile && existsSync(keyFile) ? readKey(keyFile) : await createKey(keyFile);
  const { d: _secret, ...publicPart } = jwk;
  const keyId = await calculateJwkThumbprint(jwk);
  return {
    privateKey: (await importJWK(jwk, ALGORITHM)) as CryptoKey,
    publicJwk: { ...publicPart, kid: keyId, alg: ALGORITHM, use: 'sig' },
    keyId,
  };
}

function readKey(keyFile: string): JWK {
  return JSON.parse(readFileSync(keyFile, 'utf8')) as JWK;
}

async function createKey(keyFile: string | undefined): Promise<JWK> {
  const { privateKey } = await generateKeyPair(ALGORITHM, { extractable: true });
  const jwk = await exportJWK(privateKey);
  if (keyFile) writeFileSync(keyFile, JSON.stringify(jwk), { mode: 0o600 });
  return jwk;
}
