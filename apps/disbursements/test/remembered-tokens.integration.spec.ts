import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { type Issuer, startIssuer } from '@ansinh/embedded';
import { TokenVerifier } from '@ansinh/auth';

let issuer: Issuer;
let verifier: TokenVerifier;
const claims = { sub: 'an', permissions: ['batch:read'], office: '27' };

beforeAll(async () => {
  issuer = await startIssuer({ port: 0, users: [] });
});
afterAll(() => issuer.stop());
beforeEach(() => {
  verifier = new TokenVerifier(issuer.url, 'ansinh');
});

test('a token that was verified is not verified anew', async () => {
  const token = await issuer.token(claims);
  const actor = await verifier.verify(token);
  expect(actor).toMatchObject({ id: 'an', office: '27', permissions: new Set(['batch:read']) });
  expect(await verifier.verify(token)).toBe(actor);
});

test('a remembered token ends when it expires', async () => {
  const token = await issuer.token({ ...claims, expiresIn: 1 });
  await verifier.verify(token);
  await sleep(1_100);
  await expect(verifier.verify(token)).rejects.toMatchObject({ definition: { code: 'UNAUTHENTICATED' } });
});

test('a token that was changed is not the one that is remembered', async () => {
  const token = await issuer.token(claims);
  await verifier.verify(token);
  const [head, body, signature] = token.split('.') as [string, string, string];
  const forged = Buffer.from(
    JSON.stringify({ ...JSON.parse(Buffer.from(body, 'base64url').toString()), office: '01' }),
  ).toString('base64url');
  await expect(verifier.verify(`${head}.${forged}.${signature}`)).rejects.toMatchObject({
    definition: { code: 'UNAUTHENTICATED' },
  });
});
