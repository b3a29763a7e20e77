import {
  type ClientCredentials,
  createRegistryClient,
  ProblemError,
  type RegistryEventPage,
  ServiceToken,
} from '@ansinh/client';
import { traceHeaders } from '@ansinh/telemetry';

/** The registry has no event at the cursor: it was put back to an earlier day. */
export class CursorUnknown extends Error {}

const eventsPerPage = 5_000;
const timeoutMs = 30_000;

/** As a service reads them from its environment. */
export interface RegistrySettings {
  issuer: string;
  registryUrl: string | null;
  registryClientId: string;
  registryClientSecret: string | null;
}

/** The events of the registry over HTTP, asked for as a client of its own. */
export class RegistryFeed {
  private readonly events: ReturnType<typeof createRegistryClient>['events'];

  constructor({ url, ...credentials }: ClientCredentials & { url: string }) {
    const token = new ServiceToken(credentials);
    // Not tried again here: whoever follows asks once more anyway.
    const options = { retriesMax: 0, timeoutMs, headers: traceHeaders };
    this.events = createRegistryClient({ baseUrl: url, ...token.options(), ...options }).events;
  }

  /** @returns null where no registry is configured @throws Error for an address without a secret */
  static of({
    issuer,
    registryUrl: url,
    registryClientId: clientId,
    registryClientSecret: clientSecret,
  }: RegistrySettings): RegistryFeed | null {
    if (url === null) return null;
    if (clientSecret === null)
      throw new Error('Configuration: REGISTRY_CLIENT_SECRET is not set, but REGISTRY_URL is');
    return new RegistryFeed({ url, clientId, clientSecret, issuer });
  }

  /** @throws CursorUnknown; any other Error means that this time nothing was read */
  async after(cursor: string | null): Promise<RegistryEventPage> {
    try {
      return await this.events.after(cursor, eventsPerPage);
    } catch (error) {
      if (error instanceof ProblemError && error.problem.code === 'EVENT_CURSOR_UNKNOWN')
        throw new CursorUnknown('the registry does not know the cursor', { cause: error });
      throw error;
    }
  }
}
