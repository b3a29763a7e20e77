import type { Problem } from './shapes.js';

/** The service answered and refused; `problem` is its body by RFC 9457, or one made from the status where the body was none. */
export class ProblemError extends Error {
  override readonly name = 'ProblemError';

  /** @param retryAfterMs when the service said how long to wait before the same request may be tried again */
  constructor(
    readonly problem: Problem,
    readonly retryAfterMs?: number,
  ) {
    super([problem.title, problem.detail].filter(Boolean).join(': '));
  }
}

/** No answer came, or it broke off: the host is down, the connection dropped, the time ran out. */
export class UnreachableError extends Error {
  override readonly name = 'UnreachableError';

  constructor(
    readonly url: string,
    cause: unknown,
  ) {
    super(`${url}: ${reasonOf(cause)}`, { cause });
  }
}

/** `fetch` says only "fetch failed": the reason (ECONNREFUSED, ENOTFOUND …) is in its cause, or in the errors of that. */
function reasonOf(error: unknown): string {
  const { cause, errors, code, message } = (error ?? {}) as {
    cause?: unknown;
    errors?: unknown[];
    code?: string;
    message?: string;
  };
  if (cause) return reasonOf(cause);
  if (errors?.length) return reasonOf(errors[0]);
  return message || code || String(error);
}

/** The refusal in an answer that is not ok. A proxy in between may answer HTML: then the status speaks for itself. */
export async function problemOf(response: Response): Promise<ProblemError> {
  const fallback: Problem = {
    type: 'about:blank',
    title: response.statusText || `HTTP ${response.status}`,
    status: response.status,
  };
  const body = await response.text();
  const retryAfterMs = readRetryAfter(response.headers.get('retry-after'));
  if (!/\bjson\b/.test(response.headers.get('content-type') ?? '')) {
    return new ProblemError(fallback, retryAfterMs);
  }
  return new ProblemError({ ...fallback, ...(JSON.parse(body) as Partial<Problem>) }, retryAfterMs);
}

/** Seconds, as our services write them; a proxy may write a date. */
function readRetryAfter(header: string | null): number | undefined {
  if (header === null) return undefined;
  const waitMs = /^\d+$/.test(header) ? Number(header) * 1_000 : Date.parse(header) - Date.now();
  return Number.isFinite(waitMs) ? Math.max(0, waitMs) : undefined;
}
