import { context, diag, DiagLogLevel, propagation, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { W3CTraceContextPropagator } from '@opentelemetry/core';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import {
  defaultResource,
  detectResources,
  envDetector,
  resourceFromAttributes,
} from '@opentelemetry/resources';
import {
  BatchSpanProcessor,
  ParentBasedSampler,
  type ReadableSpan,
  type SpanProcessor,
  TraceIdRatioBasedSampler,
  TracerProvider,
} from '@opentelemetry/sdk-trace';

interface TracingOptions {
  service: string;
  /** Takes numbers of people out of a text. */
  mask: (text: string) => string;
  warn: (message: string) => void;
}

/** Tracing is off, and costs nothing, unless a collector is named. */
export function isTracing(environment: NodeJS.ProcessEnv = process.env): boolean {
  return Boolean(environment['OTEL_EXPORTER_OTLP_ENDPOINT']);
}

let provider: TracerProvider | null = null;

/**
 * Sends the spans of this process to the collector, in the background. One that is away or slow costs spans, never a
 * request: at most 2,048 wait.
 */
export function startTracing({ service, mask, warn }: TracingOptions): void {
  if (provider) return;
  const ignore = () => undefined;
  diag.setLogger(
    { error: warn, warn, info: ignore, debug: ignore, verbose: ignore },
    { logLevel: DiagLogLevel.WARN, suppressOverrideMessage: true },
  );
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  propagation.setGlobalPropagator(new W3CTraceContextPropagator());
  provider = new TracerProvider({
    resource: defaultResource()
      .merge(resourceFromAttributes({ 'service.name': service, 'service.namespace': 'ansinh' }))
      .merge(detectResources({ detectors: [envDetector] })),
    sampler: new ParentBasedSampler({ root: new TraceIdRatioBasedSampler(sampledShare()) }),
    spanProcessors: [new MaskedSpans(new BatchSpanProcessor({ exporter: new OTLPTraceExporter() }), mask)],
  });
  trace.setGlobalTracerProvider(provider);
}

/** Sends the last spans. */
export async function stopTracing(): Promise<void> {
  await provider?.shutdown();
}

/** Of the traces that begin here; one that came in goes on as its caller decided. */
function sampledShare(environment: NodeJS.ProcessEnv = process.env): number {
  const share = Number(environment['OTEL_TRACES_SAMPLER_ARG'] || '1');
  if (share >= 0 && share <= 1) return share;
  throw new Error('Configuration: OTEL_TRACES_SAMPLER_ARG has a wrong form');
}

/** The second wall behind the rule that attributes hold names and counts: what looks like a number of a person is masked. */
class MaskedSpans implements SpanProcessor {
  constructor(
    private readonly next: SpanProcessor,
    private readonly mask: (text: string) => string,
  ) {}

  onStart(...started: Parameters<SpanProcessor['onStart']>): void {
    this.next.onStart(...started);
  }

  onEnd(span: ReadableSpan): void {
    for (const [name, value] of Object.entries(span.attributes)) {
      if (typeof value === 'string') span.attributes[name] = this.mask(value);
    }
    this.next.onEnd(span);
  }

  forceFlush(): Promise<void> {
    return this.next.forceFlush();
  }

  shutdown(): Promise<void> {
    return this.next.shutdown();
  }
}
