export { gaugeOf } from './gauge.js';
export { isTracing, startTracing, stopTracing } from './sdk.js';
export { childSpan, currentTraceId, startTrace, traced, traceHeaders } from './trace.js';
export type { TraceHeaders } from './trace.js';
