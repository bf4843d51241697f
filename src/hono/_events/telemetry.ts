import type { EdgeEvent } from "../edge_event.ts";
import type { EdgeTelemetry, SpanLike } from "../edge_telemetry.ts";

/** Span kind of a server, and status codes, as numbered by OpenTelemetry. */
const SERVER = 1;
const OK = 1;
const ERROR = 2;

/** First status of server errors. */
const SERVER_ERROR = 500;

/** The header that identifies a span to other services; `undefined` without a span, or with one that is not recorded. */
export function traceparentOf(span: SpanLike | undefined): string | undefined {
  if (!span) return undefined;
  const { spanId, traceFlags, traceId } = span.spanContext();
  if (!/^(?!0+$)[\da-f]{32}$/.test(traceId) || !/^(?!0+$)[\da-f]{16}$/.test(spanId)) return undefined;
  return `00-${traceId}-${spanId}-${(traceFlags & 0xff).toString(16).padStart(2, "0")}`;
}

/** Reports spans and metrics, if the host receives them. */
export class Telemetry {
  readonly #tracer: EdgeTelemetry["tracer"];
  readonly #requests;
  readonly #sessions;
  readonly #durations;
  readonly #tokens;

  constructor({ meter, tracer }: EdgeTelemetry) {
    this.#tracer = tracer;
    this.#requests = meter?.createCounter("realtime.edge.requests", { description: "Requests that were answered" });
    this.#sessions = meter?.createUpDownCounter("realtime.edge.sessions", { description: "Sessions that run" });
    this.#durations = meter?.createHistogram("realtime.edge.session.duration", {
      description: "How long sessions lasted",
      unit: "s",
    });
    this.#tokens = meter?.createCounter("realtime.edge.tokens", { description: "Tokens that sessions used" });
  }

  /** Whether anything is reported. */
  get isOn(): boolean {
    return this.#tracer !== undefined || this.#requests !== undefined;
  }

  /** Begins the span of a request. */
  startRequest(route: string, method: string): SpanLike | undefined {
    const attributes = { "http.request.method": method, "http.route": route };
    return this.#tracer?.startSpan(`${method} ${route}`, { kind: SERVER, attributes });
  }

  /** Ends the span of a request, and counts it. */
  endRequest(route: string, span: SpanLike | undefined, status: number, problem: string | undefined): void {
    const attributes = { "http.route": route, "http.response.status_code": status };
    this.#requests?.add(1, problem === undefined ? attributes : { ...attributes, "realtime.problem": problem });
    span?.setAttribute("http.response.status_code", status);
    span?.setAttribute("realtime.status", status);
    if (problem !== undefined) span?.setAttribute("realtime.problem", problem);
    span?.setStatus({ code: status >= SERVER_ERROR ? ERROR : OK });
    span?.end();
  }

  /** Counts sessions that begin and end. */
  take(event: { readonly type: string }): void {
    const [, kind, news] = /^(call|relay)_(started|ended)$/.exec(event.type) ?? [];
    if (kind === undefined) return;
    this.#sessions?.add(news === "started" ? 1 : -1, { kind });
    if (news === "started") return;
    const { durationMs, reason, usage } = event as Extract<EdgeEvent, { readonly type: "call_ended" | "relay_ended" }>;
    this.#durations?.record(durationMs / 1000, { kind, reason });
    if (usage && usage.tokens > 0) this.#tokens?.add(usage.tokens, { kind });
  }
}
