import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { decodeJwt } from 'jose';
import { type Issuer, startIssuer, tokenOf } from './issuer.js';
import { type Service, startService } from './service.js';
import { ansinh, type Outcome, temporaryDirectory } from './terminal.js';

let service: Service;
let issuer: Issuer;
let directory: string;
beforeEach(async () => {
  service = await startService();
  issuer = await startIssuer();
  directory = temporaryDirectory();
  service.on('GET /v1/funds', () => ({ items: [], next: null }));
});
afterEach(async () => {
  await service.stop();
  await issuer.stop();
});

/** Without ANSINH_TOKEN: only stored sign-ins count. */
function signed(argv: string[], env: NodeJS.ProcessEnv = {}, stdin = ''): Promise<Outcome> {
  const own = { ANSINH_TOKEN: '', ANSINH_ISSUER: issuer.url, XDG_CONFIG_HOME: directory, ...env };
  return ansinh(service.url, argv, { env: own, stdin });
}

const login = (user: string): Promise<Outcome> =>
  signed(['login', user], { ANSINH_PASSWORD: `${user}-demo` });

/** The user whose token the last request carried. */
const lastUser = (): string | undefined =>
  decodeJwt(String(service.asked.at(-1)?.authorization).replace('Bearer ', '')).sub;

describe('login by password', () => {
  test('the token is kept in a file that only its owner can read', async () => {
    expect(await login('maker')).toMatchObject({ code: 0, out: `Signed in as maker at ${issuer.url}\n` });
    const file = join(directory, 'ansinh', 'credentials.json');
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(statSync(join(directory, 'ansinh')).mode & 0o777).toBe(0o700);
    expect(readFileSync(file, 'utf8')).not.toContain('maker-demo');
    expect(issuer.asked[0]).toMatchObject({ grant_type: 'password', client_id: 'ansinh-cli' });
  });

  test('from standard input', async () => {
    const { code, out } = await signed(['login', 'maker', '--password-stdin', '--json'], {}, 'maker-demo\n');
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ user: 'maker', issuer: issuer.url });
  });

  test('a wrong password is 5, and nothing is kept', async () => {
    const { code, err } = await signed(['login', 'maker'], { ANSINH_PASSWORD: 'guess' });
    expect(code).toBe(5);
    expect(err).toContain('wrong password');
    expect((await signed(['fund', 'list'])).code).toBe(5);
  });

  test('nowhere to ask for it is 2', async () => {
    expect(await signed(['login', 'maker'])).toMatchObject({ code: 2 });
  });

  test('an issuer out of reach is 6', async () => {
    await issuer.stop();
    const { code, err } = await login('maker');
    expect(code).toBe(6);
    expect(err).toContain('ECONNREFUSED');
  });
});

test('login by the browser where no user is named', async () => {
  const { code, out, err } = await signed(['login']);
  expect(code).toBe(0);
  expect(err).toContain(`Open ${issuer.url}/activate and enter the code WDJB-MJHT`);
  expect(out).toContain('Signed in as device');
  expect(issuer.asked.length).toBe(2);
}, 20_000);

test('an issuer without device sign-in needs a user name', async () => {
  await issuer.stop();
  issuer = await startIssuer({ device: false });
  expect(await signed(['login'])).toMatchObject({ code: 2 });
});

describe('several people on one machine', () => {
  test('--as picks one; without it the last who signed in acts', async () => {
    await login('maker');
    await login('checker1');
    await signed(['fund', 'list']);
    expect(lastUser()).toBe('checker1');
    await signed(['fund', 'list', '--as', 'maker']);
    expect(lastUser()).toBe('maker');
    const stranger = await signed(['fund', 'list', '--as', 'checker2']);
    expect(stranger.code).toBe(5);
    expect(stranger.err).toContain('ansinh login checker2');
  });

  test('ANSINH_TOKEN overrides every stored sign-in', async () => {
    await login('maker');
    await signed(['fund', 'list', '--as', 'maker'], { ANSINH_TOKEN: await tokenOf('robot') });
    expect(lastUser()).toBe('robot');
  });

  test('whoami and logout', async () => {
    await login('maker');
    await login('checker1');
    const { out } = await signed(['whoami', '--as', 'maker', '--json']);
    expect(JSON.parse(out)).toMatchObject({
      user: 'maker',
      name: 'Bà maker',
      office: '27',
      permissions: ['batch:read'],
      stored: ['maker', 'checker1'],
    });
    expect((await signed(['logout'])).out).toBe('Signed out: checker1\n');
    expect((await signed(['whoami'])).code).toBe(5);
    expect((await signed(['whoami', '--as', 'maker'])).code).toBe(0);
    expect(JSON.parse((await signed(['logout', '--all', '--json'])).out)).toEqual({ signedOut: ['maker'] });
    expect((await signed(['logout'])).code).toBe(5);
  });

  test('a sign-in at one issuer is not used at another', async () => {
    await login('maker');
    expect((await signed(['fund', 'list'], { ANSINH_ISSUER: 'http://127.0.0.1:9' })).code).toBe(5);
  });
});

describe('a sign-in that has run out', () => {
  test('is renewed, and the new one is kept', async () => {
    await issuer.stop();
    issuer = await startIssuer({ expiresIn: 1 });
    await login('maker');
    expect((await signed(['fund', 'list'])).code).toBe(0);
    expect(issuer.asked.map(({ grant_type: grant }) => grant)).toEqual(['password', 'refresh_token']);
    expect(lastUser()).toBe('maker');
  });

  test('is 5 when the issuer does not renew it', async () => {
    await issuer.stop();
    issuer = await startIssuer({ expiresIn: 1 });
    await login('leaver');
    const { code, err } = await signed(['fund', 'list']);
    expect(code).toBe(5);
    expect(err).toContain('has left');
    expect(service.asked).toEqual([]);
  });
});
