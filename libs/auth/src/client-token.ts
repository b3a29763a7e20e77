import * as oidc from 'openid-client';

/** How a service signs in as itself, for what it asks of another one. */
export interface ClientAccess {
  issuer: string;
  clientId: string;
  clientSecret: string;
}

const timeoutSeconds = 30;
/** A token that ends within this time is renewed first: the request must still find it valid. */
const marginMs = 30_000;

/** The access token of a service itself (client credentials, RFC 6749 §4.4), renewed before it ends. */
export class ClientToken {
  private token: { text: string; untilMs: number } | undefined;

  constructor(private readonly access: ClientAccess) {}

  /** @throws Error when the issuer cannot be reached, or does not know the client */
  async get(): Promise<string> {
    if (this.token && Date.now() < this.token.untilMs - marginMs) return this.token.text;
    const { issuer, clientId, clientSecret } = this.access;
    const address = new URL(issuer);
    const execute = address.protocol === 'http:' ? [oidc.allowInsecureRequests] : [];
    const authentication = oidc.ClientSecretPost(clientSecret);
    const configuration = await oidc.discovery(address, clientId, undefined, authentication, {
      execute,
      timeout: timeoutSeconds,
    });
    const { access_token: text, expires_in: seconds = 60 } = await oidc.clientCredentialsGrant(configuration);
    this.token = { text, untilMs: Date.now() + seconds * 1_000 };
    return text;
  }

  /** The other service does not take it: the next one is asked for anew. */
  forget(): void {
    this.token = undefined;
  }
}
