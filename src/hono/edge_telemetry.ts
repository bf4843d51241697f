/**
 * The members of OpenTelemetry's `Span` that are used.
 *
 * @category Edge app
 */
export interface SpanLike {
  /** Sets an attribute. */
  setAttribute(name: string, value: string | number | boolean): unknown;
  /** Sets the status: 1 is success, 2 is an error. */
  setStatus(status: { code: number; message?: string }): unknown;
  /** Ends the span. */
  end(): void;
  /** Identifies the span to other services. */
  spanContext(): { readonly traceId: string; readonly spanId: string; readonly traceFlags: number };
}

/**
 * Receives spans and metrics: `{ tracer: trace.getTracer("edge"), meter: metrics.getMeter("edge") }` of
 * `@opentelemetry/api`. No package is needed, as the types are structural.
 *
 * Spans: one for each request (`POST /calls`), with `realtime.status` and `realtime.problem`; requests to the API carry
 * its `traceparent`. Metrics: `realtime.edge.requests`, `realtime.edge.sessions` (running now, by `kind`),
 * `realtime.edge.session.duration` in seconds and `realtime.edge.tokens`.
 *
 * @category Edge app
 */
export interface EdgeTelemetry {
  /** Receives spans: the members of OpenTelemetry's `Tracer` that are used. */
  tracer?: {
    /** Starts a span, as a child of the active one. */
    startSpan(
      name: string,
      options?: { kind?: number; attributes?: Record<string, string | number | boolean> },
    ): SpanLike;
  } | undefined;
  /** Receives metrics: the members of OpenTelemetry's `Meter` that are used. */
  meter?: {
    /** Creates a counter. */
    createCounter(name: string, options?: { description?: string; unit?: string }): {
      add(value: number, attributes?: Record<string, string | number | boolean>): void;
    };
    /** Creates a counter that can decrease. */
    createUpDownCounter(name: string, options?: { description?: string; unit?: string }): {
      add(value: number, attributes?: Record<string, string | number | boolean>): void;
    };
    /** Creates a histogram. */
    createHistogram(name: string, options?: { description?: string; unit?: string }): {
      record(value: number, attributes?: Record<string, string | number | boolean>): void;
    };
  } | undefined;
}
