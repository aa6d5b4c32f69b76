import { type Attributes, isSpanContextValid, SpanStatusCode, trace } from '@opentelemetry/api';
import type { CurrentRequest, OperationKind } from './current-request';

/** Does nothing (some 0.5 µs a span) until whoever runs the process preloads an SDK: docs/OPERATIONS.md says how. */
const tracer = trace.getTracer('baton');

/** Runs `work` in a span that ends with it. Attributes hold ids, kinds and numbers, never what people wrote. */
export async function inSpan<Result>(
  name: string,
  attributes: Attributes,
  work: () => Promise<Result>,
): Promise<Result> {
  return tracer.startActiveSpan(name, { attributes }, async (span) => {
    try {
      return await work();
    } catch (error) {
      // Its class alone: messages of errors may quote what somebody typed.
      const message = error instanceof Error ? error.name : typeof error;
      span.setStatus({ code: SpanStatusCode.ERROR, message });
      throw error;
    } finally {
      span.end();
    }
  });
}

/** The document of the request was read: its metrics and its span are named after it from here on. */
export function nameOperation(request: CurrentRequest, kind: OperationKind, name: string | null): void {
  request.operation = kind;
  const span = trace.getActiveSpan();
  if (span === undefined) return;
  span.updateName(name === null ? kind : `${kind} ${name}`);
  span.setAttribute('graphql.operation.type', kind);
}

/** What binds a log line to its trace; empty outside of one, and without an SDK. */
export function traceFields(): { traceId?: string } {
  const span = trace.getActiveSpan()?.spanContext();
  return span !== undefined && isSpanContextValid(span) ? { traceId: span.traceId } : {};
}
