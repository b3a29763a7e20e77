import { decodeJwt } from 'jose';
import * as oidc from 'openid-client';
import { UnreachableError } from '@ansinh/client';
import type { Context } from '../context.js';
import { SignInError } from '../failure.js';
import type { SignIn } from './store.js';

const timeoutSeconds = 15;
const loopback = new Set(['127.0.0.1', 'localhost', '[::1]']);

type Tokens = Awaited<ReturnType<typeof oidc.genericGrantRequest>>;

/** The issuer as it describes itself. Plain http is accepted from this machine only. */
export async function discover(context: Context): Promise<oidc.Configuration> {
  const issuer = new URL(context.issuer);
  const clientId = context.terminal.env['ANSINH_CLIENT_ID'] ?? 'ansinh-cli';
  const execute = loopback.has(issuer.hostname) ? [oidc.allowInsecureRequests] : [];
  return asked(context, () =>
    oidc.discovery(issuer, clientId, undefined, oidc.None(), { execute, timeout: timeoutSeconds }),
  );
}

/** Whether this user signs in by the browser: asked for, no user name given, or the issuer takes no passwords. */
export function offersDevice(issuer: oidc.Configuration): boolean {
  return issuer.serverMetadata().device_authorization_endpoint !== undefined;
}

export function offersPassword(issuer: oidc.Configuration): boolean {
  return issuer.serverMetadata().grant_types_supported?.includes('password') ?? false;
}

export async function signInByPassword(
  context: Context,
  issuer: oidc.Configuration,
  username: string,
  password: string,
): Promise<SignIn> {
  const parameters = { username, password, scope: scopeOf(issuer) };
  return signInOf(await asked(context, () => oidc.genericGrantRequest(issuer, 'password', parameters)));
}

/** Shows where to sign in by the browser and waits until it is done (device authorization, RFC 8628). */
export async function signInByDevice(
  context: Context,
  issuer: oidc.Configuration,
): Promise<{ user: string; signIn: SignIn }> {
  const offered = await asked(context, () =>
    oidc.initiateDeviceAuthorization(issuer, { scope: scopeOf(issuer) }),
  );
  const page = offered.verification_uri_complete ?? offered.verification_uri;
  context.note(context.text.session.openPage(page, offered.user_code));
  const tokens = await asked(context, () => oidc.pollDeviceAuthorizationGrant(issuer, offered));
  return { user: userOf(tokens.access_token), signIn: signInOf(tokens) };
}

export async function renew(context: Context, refreshToken: string): Promise<SignIn> {
  const issuer = await discover(context);
  const signIn = signInOf(await asked(context, () => oidc.refreshTokenGrant(issuer, refreshToken)));
  return { refreshToken, ...signIn };
}

/** A name to store a sign-in under, as the token has it. */
function userOf(token: string): string {
  const claims = decodeJwt(token);
  const name = claims['preferred_username'] ?? claims.sub;
  return typeof name === 'string' ? name : 'default';
}

function signInOf(tokens: Tokens): SignIn {
  const lifetimeSeconds = tokens.expires_in ?? 300;
  return {
    accessToken: tokens.access_token,
    ...(tokens.refresh_token && { refreshToken: tokens.refresh_token }),
    expiresAtMs: Date.now() + lifetimeSeconds * 1000,
  };
}

function scopeOf(issuer: oidc.Configuration): string {
  const known = issuer.serverMetadata().scopes_supported ?? [];
  return ['openid', ...['profile', 'offline_access'].filter((scope) => known.includes(scope))].join(' ');
}

/** A refusal by the issuer is a refused sign-in; anything else that went wrong on the way is an issuer out of reach. */
async function asked<T>(context: Context, request: () => Promise<T>): Promise<T> {
  try {
    return await request();
  } catch (error) {
    if (error instanceof oidc.ResponseBodyError) {
      const { refused } = context.text.session;
      throw new SignInError(`${refused}: ${error.error_description ?? error.error}`, { cause: error });
    }
    throw new UnreachableError(context.issuer, error);
  }
}
