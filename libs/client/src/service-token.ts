import * as oidc from 'openid-client';
import type { ClientOptions } from './transport.js';

const timeoutSeconds = 30;
/** A token that ends within this time is renewed first: the request must still find it valid. */
const marginMs = 30_000;

/** How a service signs in at the issuer in its own name. */
export interface ClientCredentials {
  issuer: string;
  clientId: string;
  clientSecret: string;
}

/** Token of a service itself (client credentials, RFC 6749 §4.4), fetched when it is needed and kept as long as it holds. */
export class ServiceToken {
  private token: { text: string; untilMs: number } | undefined;

  constructor(private readonly credentials: ClientCredentials) {}

  /** For a client of a service: `createRegistryClient({ baseUrl, ...token.options() })`. */
  options(): Pick<ClientOptions, 'getToken' | 'onTokenRefused'> {
    return { getToken: () => this.text(), onTokenRefused: () => (this.token = undefined) };
  }

  private async text(): Promise<string> {
    if (this.token && Date.now() < this.token.untilMs - marginMs) return this.token.text;
    const { issuer, clientId, clientSecret } = this.credentials;
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
}
