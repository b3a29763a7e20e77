import type { Readable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import pRetry from 'p-retry';
import { Agent } from 'undici';
import { v7 as uuidv7 } from 'uuid';
import type { AccessPurpose, Language } from './shapes.js';
import { ProblemError, problemOf, UnreachableError } from './errors.js';

export interface ClientOptions {
  /** Root of the service, without `/v1`. */
  baseUrl: string;
  token?: string;
  /** Asked before every attempt, so that a token renewed in between is used. */
  getToken?: () => string | undefined | Promise<string | undefined>;
  /** Told when the service did not take the token, so that another is fetched. */
  onTokenRefused?: () => void;
  /** Headers beside those of the request, e.g. of the trace under way. */
  headers?: () => Record<string, string>;
  /** Language of titles and details in problems; Vietnamese by default. */
  language?: Language;
  fetch?: typeof fetch;
  /** Retries after the first attempt, for GET and for commands with an Idempotency-Key. */
  retriesMax?: number;
  /** Wait before the first retry; it doubles from one to the next. */
  retryDelayMs?: number;
  /** How long one attempt of a request with a JSON answer may take. */
  timeoutMs?: number;
  onRetry?: (error: Error, delayMs: number) => void;
}

/** In whose name a service asks. */
export interface Official {
  id: string;
  /** Code of the office. */
  office: string;
  name: string;
}

/** What every command accepts: a key of the caller's own (to repeat it after a crash), and a signal to give up. */
export interface CommandOptions {
  idempotencyKey?: string;
  signal?: AbortSignal;
  /** For services, which change nothing in their own name. */
  onBehalfOf?: Official;
}

export interface Upload extends CommandOptions {
  /** Opens the source; called once an attempt, so it must start from the first byte each time. */
  open: () => Readable;
  type: string;
  onProgress?: (sentBytes: number) => void;
}

export interface Call extends CommandOptions {
  method: 'GET' | 'POST' | 'PUT';
  path: string;
  query?: Record<string, string | number | undefined>;
  json?: unknown;
  upload?: Upload;
  accept?: string;
  /** Why whole numbers of people are needed. */
  purpose?: AccessPurpose;
  /** The version that is changed. */
  version?: number;
  /** False for the one command without an Idempotency-Key (the import of a list): it is never retried. */
  keyed?: boolean;
  retriesMax?: number;
}

/**
 * By itself `fetch` gives up an answer that has not begun after five minutes; lists of millions of lines are read for longer. How
 * long a call may take is its own affair here, and a service that is gone is found by TCP keep-alive.
 */
const dispatcher = new Agent({ headersTimeout: 0, bodyTimeout: 0 });

/** Ready to follow a redirect, `fetch` would keep the whole body of an upload in memory; no answer of ours is one. */
const sending = { duplex: 'half', redirect: 'error', dispatcher } as const;

const jsonTypes = 'application/json, application/problem+json';
const transientStatuses = new Set([502, 503, 504]);

/** Of one request: beyond that, or for longer, somebody should ask why. */
const waitsMax = 10;
const waitMsMax = 120_000;

/** A path under `/v1` with every part in it escaped: path`batches/${id}/findings`. */
export function path(strings: TemplateStringsArray, ...parts: (string | number)[]): string {
  return String.raw({ raw: strings }, ...parts.map((part) => encodeURIComponent(part)));
}

/** Whether the same request may succeed later: no answer, 502–504, or our own first attempt is still being carried out. */
export function isTransient(error: unknown): boolean {
  if (!(error instanceof ProblemError)) return error instanceof UnreachableError;
  const { status, code } = error.problem;
  return transientStatuses.has(status) || code === 'COMMAND_STILL_RUNNING';
}

/** How long the service asks to wait because of too many requests; undefined for any other failure. */
function waitAskedBy(error: unknown): number | undefined {
  if (!(error instanceof ProblemError) || error.problem.status !== 429) return undefined;
  return error.retryAfterMs ?? 1_000;
}

/** Sends requests; decides what may be repeated. A command is repeated only under the key of its first attempt. */
export class Transport {
  private readonly fetch: typeof fetch;
  private readonly timeoutMs: number;
  readonly retryDelayMs: number;

  constructor(private readonly options: ClientOptions) {
    this.fetch = options.fetch ?? globalThis.fetch;
    this.timeoutMs = options.timeoutMs ?? 120_000;
    this.retryDelayMs = options.retryDelayMs ?? 250;
  }

  /** The JSON answer. @throws ProblemError, UnreachableError */
  async json<T>(call: Call): Promise<T> {
    const timeoutMs = call.upload ? undefined : this.timeoutMs;
    const body = await this.send({ ...call, accept: jsonTypes }, (response) => response.text(), timeoutMs);
    return (body === '' ? undefined : JSON.parse(body)) as T;
  }

  get<T>(path: string, query?: Call['query']): Promise<T> {
    return this.json<T>({ method: 'GET', path, query });
  }

  post<T>(path: string, json: unknown, options: CommandOptions = {}): Promise<T> {
    return this.json<T>({ method: 'POST', path, json, ...options });
  }

  /** The body as it comes, for as long as it takes. Repeated only until the answer begins. */
  async stream(
    call: Omit<Call, 'method'> & Partial<Pick<Call, 'method'>>,
  ): Promise<AsyncGenerator<Uint8Array, void, undefined>> {
    const response = await this.send({ method: 'GET', ...call }, (answer) => Promise.resolve(answer));
    return chunksOf(response);
  }

  private send<T>(call: Call, read: (response: Response) => Promise<T>, timeoutMs?: number): Promise<T> {
    const keyed = call.method !== 'GET' && call.keyed !== false;
    const key = keyed ? (call.idempotencyKey ?? uuidv7()) : undefined;
    const repeatable = keyed || call.method === 'GET';
    return pRetry(() => this.patientAttempt(call, key, read, timeoutMs), {
      retries: repeatable ? (call.retriesMax ?? this.options.retriesMax ?? 4) : 0,
      minTimeout: this.retryDelayMs,
      maxTimeout: 10_000,
      randomize: true,
      signal: call.signal,
      shouldRetry: ({ error, retryDelay }) => {
        if (!isTransient(error)) return false;
        this.options.onRetry?.(error, retryDelay);
        return true;
      },
    });
  }

  /** An attempt that the service put off (429): nothing of it was carried out, so that any call may be made again. */
  private async patientAttempt<T>(
    call: Call,
    key: string | undefined,
    read: (response: Response) => Promise<T>,
    timeoutMs: number | undefined,
  ): Promise<T> {
    for (let waits = 0; ; waits += 1) {
      try {
        return await this.attempt(call, key, read, timeoutMs);
      } catch (error) {
        const waitMs = waitAskedBy(error);
        if (waitMs === undefined || waitMs > waitMsMax || waits >= waitsMax) throw error;
        this.options.onRetry?.(error as Error, waitMs);
        await delay(waitMs, undefined, { signal: call.signal });
      }
    }
  }

  private async attempt<T>(
    call: Call,
    key: string | undefined,
    read: (response: Response) => Promise<T>,
    timeoutMs: number | undefined,
  ): Promise<T> {
    const url = this.urlOf(call);
    const headers = await this.headersOf(call, key);
    const source = call.upload && openUpload(call.upload);
    const body = source?.chunks ?? (call.json === undefined ? undefined : JSON.stringify(call.json));
    const signals = [call.signal, timeoutMs === undefined ? undefined : AbortSignal.timeout(timeoutMs)];
    const signal = AbortSignal.any(signals.filter((one) => one !== undefined));
    try {
      const response = await this.fetch(url, { method: call.method, headers, body, signal, ...sending });
      if (!response.ok) throw await problemOf(response);
      return await read(response);
    } catch (error) {
      if (error instanceof ProblemError && error.problem.status === 401) this.options.onTokenRefused?.();
      if (error instanceof ProblemError || call.signal?.aborted) throw error;
      if (source?.failure()) throw source.failure();
      throw new UnreachableError(this.options.baseUrl, error);
    }
  }

  private urlOf({ path, query = {} }: Call): URL {
    const url = new URL(`${this.options.baseUrl.replace(/\/+$/, '')}/v1/${path}`);
    for (const [name, value] of Object.entries(query)) {
      if (value !== undefined) url.searchParams.set(name, String(value));
    }
    return url;
  }

  private async headersOf(call: Call, key: string | undefined): Promise<Headers> {
    const token = this.options.getToken ? await this.options.getToken() : this.options.token;
    const headers = new Headers({
      ...this.options.headers?.(),
      accept: call.accept ?? '*/*',
      'accept-language': this.options.language ?? 'vi',
    });
    if (token) headers.set('authorization', `Bearer ${token}`);
    if (key) headers.set('idempotency-key', key);
    if (call.version !== undefined) headers.set('if-match', `"${call.version}"`);
    // A header carries ASCII alone.
    if (call.purpose)
      headers.set('access-purpose', `${call.purpose.code}; ${encodeURIComponent(call.purpose.note)}`);
    if (call.onBehalfOf) headers.set('on-behalf-of', behalfOf(call.onBehalfOf));
    if (call.upload) headers.set('content-type', call.upload.type);
    else if (call.json !== undefined) headers.set('content-type', 'application/json');
    return headers;
  }
}

const behalfOf = ({ id, office, name }: Official): string =>
  [id, office, name].map((part) => encodeURIComponent(part)).join('; ');

/** Bytes of the source as the socket takes them; `failure` tells an unreadable source from an unreachable service. */
function openUpload({ open, onProgress }: Upload): {
  chunks: AsyncIterable<Uint8Array>;
  failure: () => unknown;
} {
  let failure: unknown;
  async function* chunks(): AsyncGenerator<Uint8Array> {
    let sentBytes = 0;
    try {
      for await (const chunk of open() as AsyncIterable<Uint8Array>) {
        yield chunk;
        sentBytes += chunk.length;
        onProgress?.(sentBytes);
      }
    } catch (error) {
      failure = error;
      throw error;
    }
  }
  return { chunks: chunks(), failure: () => failure };
}

async function* chunksOf(response: Response): AsyncGenerator<Uint8Array, void, undefined> {
  if (!response.body) return;
  try {
    yield* response.body;
  } catch (error) {
    throw new UnreachableError(response.url, error);
  }
}
