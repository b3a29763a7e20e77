import { type Span, SpanKind, SpanStatusCode } from '@opentelemetry/api';
import {
  type AfterQueryEvent,
  type BeforeQueryEvent,
  type EntitySubscriberInterface,
  EventSubscriber,
  type QueryRunner,
} from 'typeorm';
import { childSpan, currentTraceId } from '@ansinh/telemetry';
import { sqlState } from './sql-state.js';

const textLengthMax = 300;

/** A span of the trace under way for each statement that TypeORM sends. Parameters are not looked at. */
@EventSubscriber()
export class StatementSpans implements EntitySubscriberInterface {
  /** A connection answers in the order in which it was asked. */
  private readonly open = new WeakMap<QueryRunner, (Span | null)[]>();

  beforeQuery({ queryRunner, query }: BeforeQueryEvent): void {
    const spans = this.open.get(queryRunner) ?? [];
    spans.push(statementSpan(query));
    this.open.set(queryRunner, spans);
  }

  afterQuery({ queryRunner, success, error }: AfterQueryEvent): void {
    const span = this.open.get(queryRunner)?.shift();
    if (!span) return;
    if (!success) {
      span.setAttribute('db.response.status_code', sqlState(error) ?? 'none');
      span.setStatus({ code: SpanStatusCode.ERROR });
    }
    span.end();
  }
}

/** For what does not pass TypeORM: COPY and cursors. The caller ends it. */
export function statementSpan(sql: string): Span | null {
  // Reading the statement takes longer than making a span of it.
  if (currentTraceId() === undefined) return null;
  const text = withoutLiterals(sql);
  return childSpan(text.slice(0, text.search(/[^A-Z]|$/)) || 'statement', {
    kind: SpanKind.CLIENT,
    attributes: { 'db.system.name': 'postgresql', 'db.query.text': text },
  });
}

/** What a statement does, without anything that might have been written into it instead of being a parameter. */
export function withoutLiterals(sql: string): string {
  return sql
    .replace(/\$(\w*)\$.*?\$\1\$/gs, '?')
    .replace(/'(?:[^']|'')*'/g, '?')
    .replace(/(?<![\w$])\d+(?:\.\d+)?/g, '?')
    .replace(/\s+/g, ' ')
    .trim()
    .slice(0, textLengthMax);
}
