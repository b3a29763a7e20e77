import type { LoggerService } from '@nestjs/common';
import { type Logger, pino, stdTimeFunctions } from 'pino';
import { currentTraceId } from '@ansinh/telemetry';

/**
 * Numbers of people: nine digits in a row or more are a citizen number, an account, or an amount that nobody needs from a
 * log. Identifiers and digests are written in hexadecimal and stay as they are. An account of fewer digits looks like any
 * other number: what could hold one is not logged at all.
 */
const numbers =
  /\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b|\b(?=\d*[a-f])[0-9a-f]{32,}\b|\d{5,}(\d{4})(?!\d)/g;

/** A line of a log without whole numbers of people: of each its last four digits are left. */
export function maskNumbers(line: string): string {
  return line.replace(numbers, (found: string, last: string | undefined) =>
    last === undefined ? found : `********${last}`,
  );
}

/** JSON lines on standard output; no line carries a whole citizen number, a token or a query string. */
export function createLogger(service: string): Logger {
  return pino({
    name: service,
    level: process.env['LOG_LEVEL'] ?? 'info',
    // Milliseconds of the epoch would be taken for an account.
    timestamp: stdTimeFunctions.isoTime,
    redact: ['req.headers.authorization', 'headers.authorization'],
    hooks: { streamWrite: maskNumbers },
    mixin: () => {
      const traceId = currentTraceId();
      return traceId === undefined ? {} : { traceId };
    },
    serializers: {
      // A database error also carries the statement's parameters: they are nobody's business in a log.
      err: (error: Error & { code?: string }) => ({
        type: error.name,
        message: error.message,
        code: error.code,
        stack: error.stack,
      }),
      req: (request: { method: string; url: string; id: string }) => ({
        id: request.id,
        method: request.method,
        // The query may hold a citizen number (`?payeeId=`).
        path: request.url.split('?', 1)[0],
      }),
    },
  });
}

/** Nest's own logger interface over pino. */
export class NestLogger implements LoggerService {
  constructor(private readonly logger: Logger) {}

  log(message: unknown, ...context: unknown[]): void {
    this.write('info', message, context);
  }

  error(message: unknown, ...context: unknown[]): void {
    this.write('error', message, context);
  }

  warn(message: unknown, ...context: unknown[]): void {
    this.write('warn', message, context);
  }

  debug(message: unknown, ...context: unknown[]): void {
    this.write('debug', message, context);
  }

  verbose(message: unknown, ...context: unknown[]): void {
    this.write('trace', message, context);
  }

  private write(
    level: 'info' | 'error' | 'warn' | 'debug' | 'trace',
    message: unknown,
    rest: unknown[],
  ): void {
    const context = typeof rest.at(-1) === 'string' ? rest.at(-1) : undefined;
    const note = typeof rest[0] === 'string' && rest.length > 1 ? rest[0] : undefined;
    if (message instanceof Error) this.logger[level]({ err: message, context }, note ?? message.message);
    else if (typeof message === 'object' && message !== null)
      this.logger[level]({ ...message, context }, note);
    else this.logger[level]({ context }, String(message));
  }
}
