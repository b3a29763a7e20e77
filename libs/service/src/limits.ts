import { readConfig } from './config.js';

const positive = /^[1-9]\d{0,8}$/;

const settings = {
  requestsPerMinute: { name: 'RATE_LIMIT_PER_MINUTE', fallback: '6000', pattern: positive },
  headersTimeoutMs: { name: 'HEADERS_TIMEOUT_MS', fallback: '15000', pattern: positive },
  bodyTimeoutMs: { name: 'BODY_TIMEOUT_MS', fallback: '30000', pattern: positive },
  uploadWindowMs: { name: 'UPLOAD_WINDOW_MS', fallback: '30000', pattern: positive },
  trustedProxies: { name: 'TRUSTED_PROXIES', fallback: 'none', pattern: /^(none|[\da-fA-F.:/,]+)$/ },
};

/** What one client may take of a service. Times are milliseconds. */
export interface ServiceLimits {
  /** Of one subject of tokens, or of one address where there is no valid token. */
  requestsPerMinute: number;
  /** How long the headers of a request may take to arrive. */
  headersTimeoutMs: number;
  /** How long a JSON body may take. */
  bodyTimeoutMs: number;
  /** In each such time an upload must bring at least `uploadBytesMin`. */
  uploadWindowMs: number;
  /** Proxies whose word on the client's address is taken. */
  trustedProxies: string[] | false;
}

/** A slow line of an office brings this in a second; a client that holds a connection for its own sake does not. */
export const uploadBytesMin = 4 * 1024;

/** A list of a gibibyte over a line of 10 Mbit/s takes a quarter of an hour: this is the end of all patience. */
export const requestTimeoutMs = 3_600_000;

/** @throws Error naming each variable that is malformed */
export function loadLimits(environment: NodeJS.ProcessEnv = process.env): ServiceLimits {
  const read = readConfig(settings, environment);
  return {
    requestsPerMinute: Number(read.requestsPerMinute),
    headersTimeoutMs: Number(read.headersTimeoutMs),
    bodyTimeoutMs: Number(read.bodyTimeoutMs),
    uploadWindowMs: Number(read.uploadWindowMs),
    trustedProxies: read.trustedProxies === 'none' ? false : read.trustedProxies.split(','),
  };
}
