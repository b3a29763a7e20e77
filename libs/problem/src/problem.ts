import type { Language, Text } from '@ansinh/language';

/** What a client branches on: `code` is stable, `status` is the HTTP status, `title` never changes with the case. */
export interface ProblemDefinition {
  readonly code: string;
  readonly status: number;
  readonly title: Text;
}

/** One wrong field: `pointer` is a JSON pointer (RFC 6901) into the request body, or `?name` for a query parameter. */
export interface FieldError {
  pointer: string;
  code: string;
  detail: Text;
}

/** The body of an answer by RFC 9457, in one language. */
export interface ProblemBody {
  type: string;
  code: string;
  title: string;
  status: number;
  detail?: string;
  instance?: string;
  errors?: { pointer: string; code: string; detail: string }[];
  [extension: string]: unknown;
}

export interface ProblemOptions {
  detail?: Text;
  errors?: FieldError[];
  extensions?: Record<string, unknown>;
}

/** A refusal that the caller can understand and act upon. Anything else that is thrown is a defect and answers 500. */
export class ProblemError extends Error {
  constructor(
    readonly definition: ProblemDefinition,
    readonly options: ProblemOptions = {},
  ) {
    super(`${definition.code}: ${options.detail?.en ?? definition.title.en}`);
    this.name = 'ProblemError';
  }

  body(language: Language, instance?: string): ProblemBody {
    const { detail, errors, extensions } = this.options;
    return {
      ...extensions,
      type: `urn:ansinh:problem:${this.definition.code.toLowerCase().replaceAll('_', '-')}`,
      code: this.definition.code,
      title: this.definition.title[language],
      status: this.definition.status,
      ...(detail && { detail: detail[language] }),
      ...(instance && { instance: `urn:ansinh:request:${instance}` }),
      ...(errors && {
        errors: errors.map(({ pointer, code, detail: text }) => ({ pointer, code, detail: text[language] })),
      }),
    };
  }
}

/** For a refusal that goes by itself. The filter says it in `Retry-After` too. */
export const tryAgainIn = (seconds: number): ProblemOptions => ({
  detail: { vi: `Hãy thử lại sau ${seconds} giây.`, en: `Try again in ${seconds} seconds.` },
  extensions: { retryAfter: seconds },
});
