import type { Command } from 'commander';
import { decodeJwt, errors } from 'jose';
import type { Context } from '../context.js';
import { SignInError, UsageError } from '../failure.js';
import { formatInstant } from '../output/numbers.js';
import { facts } from '../output/table.js';
import { accessToken } from '../session/access-token.js';
import { readPassword } from '../session/ask.js';
import {
  discover,
  offersDevice,
  offersPassword,
  signInByDevice,
  signInByPassword,
} from '../session/issuer.js';
import { readSignIns, type SignIn, writeSignIns } from '../session/store.js';
import { withExamples } from '../usage.js';

interface LoginOptions {
  passwordStdin?: boolean;
  device?: boolean;
}

export function registerSession(program: Command, context: Context): void {
  const text = context.text.session;
  const login = program
    .command('login')
    .description(text.login)
    .argument('[user]', text.user)
    .option('--password-stdin', text.passwordStdin)
    .option('--device', text.device)
    .action((user: string | undefined, options: LoginOptions) =>
      signIn(context, user ?? context.options.as, options),
    );
  withExamples(login, context, [
    'ansinh login maker',
    'echo maker-demo | ansinh login maker --password-stdin',
    'ansinh login',
  ]);
  const logout = program
    .command('logout')
    .description(text.logout)
    .option('--all', text.all)
    .action((options: { all?: boolean }) => signOut(context, options.all ?? false));
  withExamples(logout, context, ['ansinh logout', 'ansinh logout --as checker1', 'ansinh logout --all']);
  const whoami = program
    .command('whoami')
    .description(text.whoami)
    .action(() => showIdentity(context));
  withExamples(whoami, context, ['ansinh whoami', 'ansinh whoami --as checker1 --json']);
}

async function signIn(context: Context, user: string | undefined, options: LoginOptions): Promise<void> {
  const { env } = context.terminal;
  const { user: name, signIn: made } = await obtain(context, user, options);
  const signIns = await readSignIns(env, context.issuer);
  await writeSignIns(env, context.issuer, { current: name, users: { ...signIns.users, [name]: made } });
  context.print(
    { user: name, issuer: context.issuer, expiresAt: new Date(made.expiresAtMs).toISOString() },
    context.text.session.signedIn(name, context.issuer),
  );
}

async function obtain(
  context: Context,
  user: string | undefined,
  options: LoginOptions,
): Promise<{ user: string; signIn: SignIn }> {
  const issuer = await discover(context);
  const byPassword = user !== undefined && !options.device && offersPassword(issuer);
  if (!byPassword && offersDevice(issuer)) return signInByDevice(context, issuer);
  if (user === undefined) throw new UsageError(context.text.session.userNeeded);
  const password = await readPassword(context, user, options.passwordStdin ?? false);
  return { user, signIn: await signInByPassword(context, issuer, user, password) };
}

async function signOut(context: Context, all: boolean): Promise<void> {
  const { env } = context.terminal;
  const text = context.text.session;
  const { current, users } = await readSignIns(env, context.issuer);
  const user = context.options.as ?? current;
  const leaving = Object.keys(users).filter((name) => all || name === user);
  if (leaving.length === 0) throw new SignInError(user === undefined ? text.nobody : text.notSignedIn(user));
  const staying = Object.fromEntries(Object.entries(users).filter(([name]) => !leaving.includes(name)));
  const stillCurrent = current !== undefined && current in staying ? current : undefined;
  await writeSignIns(env, context.issuer, { current: stillCurrent, users: staying });
  context.print({ signedOut: leaving }, text.signedOut(leaving.join(', ')));
}

async function showIdentity(context: Context): Promise<void> {
  const { env } = context.terminal;
  const { claims: titles } = context.text.session;
  const claims = claimsOf(await accessToken(context), context);
  const stored = Object.keys((await readSignIns(env, context.issuer)).users);
  const expiresAt = claims.exp === undefined ? null : new Date(claims.exp * 1000).toISOString();
  const permissions = Array.isArray(claims['permissions']) ? claims['permissions'].map(String) : [];
  const [name, office] = [claims['name'], claims['office']].map((claim) => String(claim ?? ''));
  context.print(
    { user: claims.sub, name, office, permissions, expiresAt, url: context.url, stored },
    facts([
      [titles.user, String(claims.sub)],
      [titles.name, name ?? ''],
      [titles.office, office ?? ''],
      [titles.permissions, permissions.join(' ')],
      [titles.expiresAt, expiresAt ? formatInstant(expiresAt, context.language) : ''],
      [titles.stored, stored.join(' ')],
    ]),
  );
}

function claimsOf(token: string, context: Context): ReturnType<typeof decodeJwt> {
  try {
    return decodeJwt(token);
  } catch (error) {
    if (error instanceof errors.JWTInvalid) throw new SignInError(context.text.session.notToken);
    throw error;
  }
}
