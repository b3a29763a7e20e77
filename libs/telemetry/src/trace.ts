import {
  type Attributes,
  type Context,
  context,
  propagation,
  ROOT_CONTEXT,
  type Span,
  type SpanKind,
  SpanStatusCode,
  trace,
} from '@opentelemetry/api';

/** `traceparent` and `tracestate` of W3C; empty where nothing is traced. */
export type TraceHeaders = Record<string, string>;

/** Attributes carry names and counts alone: nothing that came from a list, a token or a URL. */
interface SpanOptions {
  kind?: SpanKind;
  attributes?: Attributes;
}

/** Runs `work` as a part of the trace under way; where there is none, only runs it. */
export function traced<T>(name: string, options: SpanOptions, work: () => Promise<T>): Promise<T> {
  return trace.getActiveSpan() ? run(name, options, context.active(), work) : work();
}

/** Runs `work` as a trace of its own, or as a part of the one whose headers are given. */
export function startTrace<T>(
  name: string,
  { from = {}, ...options }: SpanOptions & { from?: TraceHeaders },
  work: () => Promise<T>,
): Promise<T> {
  return run(name, options, propagation.extract(ROOT_CONTEXT, from), work);
}

/** A part of the trace under way that the caller ends himself; null where there is none. */
export function childSpan(name: string, options: SpanOptions): Span | null {
  return trace.getActiveSpan() ? trace.getTracer('ansinh').startSpan(name, options) : null;
}

/** What the next one has to be told to go on with the trace under way. */
export function traceHeaders(): TraceHeaders {
  const headers: TraceHeaders = {};
  propagation.inject(context.active(), headers);
  return headers;
}

/** For log lines; undefined where nothing is traced. */
export function currentTraceId(): string | undefined {
  return trace.getActiveSpan()?.spanContext().traceId;
}

function run<T>(name: string, options: SpanOptions, parent: Context, work: () => Promise<T>): Promise<T> {
  return trace.getTracer('ansinh').startActiveSpan(name, options, parent, async (span) => {
    try {
      return await work();
    } catch (error) {
      fail(span, error);
      throw error;
    } finally {
      span.end();
    }
  });
}

/** By its class alone: the message of an error may hold what somebody wrote into a list. */
function fail(span: Span, error: unknown): void {
  span.setAttribute('error.type', error instanceof Error ? error.name : typeof error);
  span.setStatus({ code: SpanStatusCode.ERROR });
}
