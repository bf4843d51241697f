/**
 * A part of a session that reports to OpenTelemetry: a span for each response and each tool call, and counters of tokens.
 *
 * @module
 */
import type { SessionPart } from "@oai-rt/edge";

/** The members of OpenTelemetry's span that the part uses. */
export interface TelemetrySpan {
  setAttribute(name: string, value: string | number): unknown;
  setStatus(status: { readonly code: number; readonly message?: string }): unknown;
  end(): void;
}

/** The members of OpenTelemetry's tracer that the part uses. */
export interface TelemetryTracer {
  startSpan(name: string): TelemetrySpan;
}

/** The members of OpenTelemetry's meter that the part uses. */
export interface TelemetryMeter {
  createCounter(name: string, options?: { readonly unit?: string }): {
    add(value: number, attributes?: Record<string, string>): void;
  };
}

/** Options of {@linkcode telemetryPart}. */
export interface TelemetryPartOptions {
  /** Receives the spans. */
  readonly tracer?: TelemetryTracer | undefined;
  /** Receives the counters. */
  readonly meter?: TelemetryMeter | undefined;
}

/** Code of OpenTelemetry for a span that failed. */
const ERROR = 2;

/** Reports the responses and tool calls of a session. Spans that are open when the session ends are ended as failed. */
export function telemetryPart({ tracer, meter }: TelemetryPartOptions): SessionPart {
  const open = new Map<string, TelemetrySpan>();
  const tokens = meter?.createCounter("realtime.tokens", { unit: "{token}" });
  const start = (id: string | null | undefined, name: string, attributes: Record<string, string>) => {
    const span = tracer?.startSpan(name);
    if (!span || !id) return span?.end();
    for (const [key, value] of Object.entries(attributes)) span.setAttribute(key, value);
    open.set(id, span);
  };
  const end = (id: string | null | undefined, failure?: string) => {
    const span = open.get(id ?? "");
    if (failure !== undefined) span?.setStatus({ code: ERROR, message: failure });
    span?.end();
    open.delete(id ?? "");
  };
  return {
    name: "telemetry",
    install: () => ({
      on: {
        "response.created": ({ response }) => start(response?.id, "realtime.response", { id: response?.id ?? "" }),
        "response.done": ({ response }) => {
          const { id, status, usage } = response ?? {};
          open.get(id ?? "")?.setAttribute("status", String(status ?? "unknown"));
          end(id, status === "failed" ? "The response failed" : undefined);
          tokens?.add(usage?.input_tokens ?? 0, { direction: "input" });
          tokens?.add(usage?.output_tokens ?? 0, { direction: "output" });
        },
      },
      onLocal: (event) => {
        if (event.type === "tool_call_started") start(event.callId, "realtime.tool", { tool: event.name });
        if (event.type === "tool_call_done") end(event.callId);
        if (event.type === "tool_call_failed") end(event.callId, String(event.error));
      },
      close: () => {
        for (const id of [...open.keys()]) end(id, "The session ended");
      },
    }),
  };
}
