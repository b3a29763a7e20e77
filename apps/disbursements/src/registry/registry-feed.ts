import { type ClientAccess, ClientToken } from '@ansinh/auth';
import { traceHeaders } from '@ansinh/telemetry';
import type { Config } from '../config.js';

/** What an event says of a person: the record as it stood when the event was read. */
export interface RegisteredPerson {
  id: string;
  numberKeys: string[];
  formerNumberKeys: string[];
  name: string;
  placeCode: string;
  residentFrom: string | null;
  diedOn: string | null;
}

/** An event by CloudEvents; `data` of other types is theirs. */
export interface RegistryEvent {
  id: string;
  type: string;
  data: RegisteredPerson;
}

export interface RegistryPage {
  items: RegistryEvent[];
  next: string | null;
  isLast: boolean;
}

/** The registry has no event at the cursor: it was put back to an earlier day. */
export class CursorUnknown extends Error {}

const eventsPerPage = 5_000;
const timeoutMs = 30_000;

/** The events of the registry over HTTP, asked for as a client of its own (client credentials, RFC 6749 §4.4). */
export class RegistryFeed {
  private readonly token: ClientToken;

  constructor(private readonly options: RegistryAccess) {
    this.token = new ClientToken(options);
  }

  /** @returns null where no registry is configured @throws Error for an address without a secret */
  static of(config: Config): RegistryFeed | null {
    const { registryUrl: url, registryClientId: clientId, registryClientSecret: clientSecret } = config;
    if (url === null) return null;
    if (clientSecret === null)
      throw new Error('Configuration: REGISTRY_CLIENT_SECRET is not set, but REGISTRY_URL is');
    return new RegistryFeed({ url, clientId, clientSecret, issuer: config.issuer });
  }

  /** @throws CursorUnknown; any other Error means that this time nothing was read */
  async after(cursor: string | null): Promise<RegistryPage> {
    const query = new URLSearchParams({
      limit: String(eventsPerPage),
      ...(cursor !== null && { after: cursor }),
    });
    const response = await fetch(`${this.options.url}/v1/events?${query}`, {
      headers: { ...traceHeaders(), authorization: `Bearer ${await this.token.get()}` },
      signal: AbortSignal.timeout(timeoutMs),
    });
    if (response.ok) return (await response.json()) as RegistryPage;
    if (response.status === 401) this.token.forget();
    const code = await codeOf(response);
    if (code === 'EVENT_CURSOR_UNKNOWN') throw new CursorUnknown('the registry does not know the cursor');
    throw new Error(`the registry answered ${response.status} ${code}`);
  }
}

interface RegistryAccess extends ClientAccess {
  url: string;
}

async function codeOf(response: Response): Promise<string> {
  const text = await response.text();
  if (!response.headers.get('content-type')?.includes('json')) return '';
  return (JSON.parse(text) as { code?: string }).code ?? '';
}
