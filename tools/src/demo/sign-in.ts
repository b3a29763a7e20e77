import { type Client, createClient } from '@ansinh/client';
import { DEMO_USERS, type Suite } from '@ansinh/embedded';

/** A client for each demo user: the parts are played by different people, as the rules demand. */
export async function signIn(suite: Suite, username: string): Promise<Client> {
  const token = await tokenFor(suite, username);
  return createClient({ baseUrl: suite.addresses.disbursements, token, timeoutMs: 600_000 });
}

export async function tokenFor(suite: Suite, username: string): Promise<string> {
  const user = DEMO_USERS.find((known) => known.username === username);
  if (!user) throw new Error(`there is no demo user ${username}`);
  const answer = await fetch(`${suite.addresses.issuer}/token`, {
    method: 'POST',
    body: new URLSearchParams({ grant_type: 'password', username, password: user.password }),
  });
  if (!answer.ok) throw new Error(`${username} cannot sign in: ${await answer.text()}`);
  const { access_token: token } = (await answer.json()) as { access_token: string };
  return token;
}
