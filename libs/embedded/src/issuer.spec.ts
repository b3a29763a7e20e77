import { join } from 'node:path';
import { afterEach, describe, expect, test } from '@jest/globals';
import { createRemoteJWKSet, decodeJwt, jwtVerify } from 'jose';
import { DEMO_USERS } from './demo-users.js';
import { throwawayDirectory } from './directories.js';
import { startIssuer, type Issuer } from './issuer.js';

const issuers: Issuer[] = [];
const service = {
  id: 'service',
  secret: 'secret',
  name: 'Service',
  office: '27',
  permissions: ['registry:follow'],
};

afterEach(async () => {
  await Promise.all(issuers.splice(0).map((issuer) => issuer.stop()));
});

async function start(keyFile?: string, port = 0): Promise<Issuer> {
  const issuer = await startIssuer({ port, users: DEMO_USERS, clients: [service], keyFile });
  issuers.push(issuer);
  return issuer;
}

async function ask(issuer: Issuer, form: Record<string, string>): Promise<{ status: number; body: unknown }> {
  const answer = await fetch(`${issuer.url}/token`, { method: 'POST', body: new URLSearchParams(form) });
  return { status: answer.status, body: await answer.json() };
}

describe('startIssuer', () => {
  test('gives a token that its own published keys verify', async () => {
    const issuer = await start();
    const discovery = await (await fetch(`${issuer.url}/.well-known/openid-configuration`)).json();
    expect(discovery).toMatchObject({ issuer: issuer.url, token_endpoint: `${issuer.url}/token` });
    const { status, body } = await ask(issuer, {
      grant_type: 'password',
      username: 'maker',
      password: 'maker-demo',
    });
    expect(status).toBe(200);
    expect(body).toMatchObject({ token_type: 'Bearer', expires_in: 28_800 });
    const keys = createRemoteJWKSet(new URL((discovery as { jwks_uri: string }).jwks_uri));
    const { access_token: token } = body as { access_token: string };
    const { payload } = await jwtVerify(token, keys, { issuer: issuer.url, audience: 'ansinh' });
    expect(payload).toMatchObject({
      sub: 'maker',
      office: '27',
      permissions: expect.arrayContaining(['batch:submit']),
    });
    expect((payload.exp as number) - (payload.iat as number)).toBe(28_800);
  });

  test.each([
    ['a wrong password', { grant_type: 'password', username: 'maker', password: 'x' }, 'invalid_grant'],
    ['an unknown user', { grant_type: 'password', username: 'nobody', password: 'x' }, 'invalid_grant'],
    ['no password', { grant_type: 'password', username: 'maker' }, 'invalid_request'],
    ['no grant type', { username: 'maker' }, 'invalid_request'],
    ['another grant', { grant_type: 'refresh_token' }, 'unsupported_grant_type'],
    [
      'a client without a secret',
      { grant_type: 'client_credentials', client_id: 'service' },
      'invalid_client',
    ],
    [
      'a client with a wrong secret',
      { grant_type: 'client_credentials', client_id: 'service', client_secret: 'wrong' },
      'invalid_client',
    ],
    [
      'a client that nobody knows',
      { grant_type: 'client_credentials', client_id: 'nobody', client_secret: 'secret' },
      'invalid_client',
    ],
  ])('refuses %s by the errors of RFC 6749', async (_what, form, error) => {
    expect(await ask(await start(), form)).toMatchObject({ status: 400, body: { error } });
  });

  test('gives a service a token of its own permissions for its secret', async () => {
    const form = { grant_type: 'client_credentials', client_id: 'service', client_secret: 'secret' };
    const { status, body } = await ask(await start(), form);
    expect(status).toBe(200);
    const { access_token: token } = body as { access_token: string };
    expect(decodeJwt(token)).toMatchObject({
      sub: 'service',
      office: '27',
      permissions: ['registry:follow'],
      client_id: 'service',
    });
  });

  test('keeps its key, so that a token outlives a restart', async () => {
    const keyFile = join(throwawayDirectory('issuer-spec'), 'issuer-key.json');
    const first = await start(keyFile);
    const token = await first.token({ sub: 'a', permissions: [], office: '27' });
    await first.stop();
    const second = await start(keyFile);
    const { payload } = await jwtVerify(token, createRemoteJWKSet(new URL(`${second.url}/jwks`)));
    expect(payload).toMatchObject({ sub: 'a', office: '27' });
  });

  test('refuses a taken port in a sentence', async () => {
    const issuer = await start();
    const taken = start(undefined, Number(new URL(issuer.url).port));
    await expect(taken).rejects.toMatchObject({ name: 'FriendlyError' });
  });

  test('separates duties: whoever makes a batch may not approve or send it', () => {
    const may = (username: string) =>
      DEMO_USERS.find((user) => user.username === username)?.permissions ?? [];
    expect(may('maker')).not.toContain('batch:approve');
    expect(may('maker')).not.toContain('batch:transmit');
    expect(may('checker1')).not.toContain('batch:write');
    expect(may('operator')).not.toContain('batch:approve');
  });
});
