import type { Context } from '../context.js';
import { SignInError } from '../failure.js';
import { renew } from './issuer.js';
import { readSignIns, writeSignIns } from './store.js';

/** A token that ends within this time is renewed first: the request must still find it valid. */
const marginMs = 30_000;

/** ANSINH_TOKEN, or the stored sign-in of `--as` or of the last who signed in; renewed when it has run out. */
export async function accessToken(context: Context): Promise<string> {
  const { env } = context.terminal;
  const text = context.text.session;
  if (env['ANSINH_TOKEN']) return env['ANSINH_TOKEN'];
  const signIns = await readSignIns(env, context.issuer);
  const user = context.options.as ?? signIns.current;
  if (user === undefined) throw new SignInError(`${text.nobody} ${text.hint('ansinh login')}`);
  const hint = text.hint(`ansinh login ${user}`);
  const signIn = signIns.users[user];
  if (!signIn) throw new SignInError(`${text.notSignedIn(user)} ${hint}`);
  if (signIn.expiresAtMs - marginMs > Date.now()) return signIn.accessToken;
  if (!signIn.refreshToken) throw new SignInError(`${text.expired(user)} ${hint}`);
  const renewed = await renew(context, signIn.refreshToken);
  await writeSignIns(env, context.issuer, { ...signIns, users: { ...signIns.users, [user]: renewed } });
  return renewed.accessToken;
}
