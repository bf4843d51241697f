/**
 * What is used of OpenTelemetry's `Span`.
 *
 * @category Edge app
 */
export interface SpanLike {
  /** Adds a value. */
  setAttribute(name: string, value: string | number | boolean): unknown;
  /** Says how it went: 1 is well, 2 is not. */
  setStatus(status: { code: number; message?: string }): unknown;
  /** Ends the span. */
  end(): void;
  /** What identifies the span to other services. */
  spanContext(): { readonly traceId: string; readonly spanId: string; readonly traceFlags: number };
}

/**
 * Where an app reports spans and figures: `{ tracer: trace.getTracer("edge"), meter: metrics.getMeter("edge") }` of
 * `@opentelemetry/api`. No package is needed, as the types are structural.
 *
 * Spans: one for each request (`POST /calls`), with `realtime.status` and `realtime.problem`; requests to the API carry its
 * `traceparent`. Figures: `realtime.edge.requests`, `realtime.edge.sessions` (running now, by `kind`),
 * `realtime.edge.session.duration` in seconds and `realtime.edge.tokens`.
 *
 * @category Edge app
 */
export interface EdgeTelemetry {
  /** Takes spans: what is used of OpenTelemetry's `Tracer`. */
  tracer?: {
    /** Begins a span, as a child of the active one. */
    startSpan(
      name: string,
      options?: { kind?: number; attributes?: Record<string, string | number | boolean> },
    ): SpanLike;
  } | undefined;
  /** Takes figures: what is used of OpenTelemetry's `Meter`. */
  meter?: {
    /** Makes something that counts up. */
    createCounter(name: string, options?: { description?: string; unit?: string }): {
      add(value: number, attributes?: Record<string, string | number | boolean>): void;
    };
    /** Makes something that counts up and down. */
    createUpDownCounter(name: string, options?: { description?: string; unit?: string }): {
      add(value: number, attributes?: Record<string, string | number | boolean>): void;
    };
    /** Makes something that measures. */
    createHistogram(name: string, options?: { description?: string; unit?: string }): {
      record(value: number, attributes?: Record<string, string | number | boolean>): void;
    };
  } | undefined;
}
