// This module is browser compatible.
import { RealtimeApiError, type RealtimeApiErrorOptions } from "../errors.ts";

/**
 * An event as the state machines read it: any field may be missing or have another type, since servers other than
 * OpenAI's omit fields, and the remaining ones must still be used.
 */
export interface WireEvent {
  readonly type: string;
  readonly [field: string]: unknown;
}

/** Returns a received value as an event; `undefined` when it is not an object with a type. */
export function toWireEvent(event: { readonly type: string; readonly raw?: unknown }): WireEvent | undefined {
  if (event.type !== "malformed_event") return event as WireEvent;
  const { raw } = event;
  return isRecord(raw) && typeof raw.type === "string" ? raw as unknown as WireEvent : undefined;
}

/** Whether a value is an object with fields. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The value at a path of field names, or `undefined` when a step is missing. */
export function at(value: unknown, ...path: string[]): unknown {
  for (const name of path) value = isRecord(value) ? value[name] : undefined;
  return value;
}

/** A value, if it is a string. */
export function asString(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}

/** The string at a path of field names, or `undefined` when there is none. */
export function stringAt(value: unknown, ...path: string[]): string | undefined {
  return asString(at(value, ...path));
}

/** The number at a path of field names, or 0 when there is none. */
export function numberAt(value: unknown, ...path: string[]): number {
  const found = at(value, ...path);
  return typeof found === "number" ? found : 0;
}

/** The error in the field `error` of an event, or of the body of an HTTP response with this origin. */
export function toApiError(carrier: unknown, origin: RealtimeApiErrorOptions = {}): RealtimeApiError {
  const text = (name: string) => stringAt(carrier, "error", name);
  return new RealtimeApiError(text("message") || "The server reported an error without a message", {
    type: text("type"),
    code: text("code"),
    param: text("param"),
    eventId: text("event_id"),
    ...origin,
  });
}

/** An error and its causes, at most 10: an error may be its own cause. */
export function causesOf(error: unknown): readonly unknown[] {
  const causes = [];
  for (; error && causes.length < 10; error = (error as Error).cause) causes.push(error);
  return causes;
}

/**
 * The code of an error's deepest cause in parentheses, e.g. ` (ECONNREFUSED)`; empty if no cause has one, or `message`
 * contains it. Node.js says only "fetch failed", and puts the reason there.
 */
export function codeSuffix(error: unknown, message = ""): string {
  const codes = causesOf(error).map((cause) => (cause as { code?: unknown }).code);
  const code = codes.findLast((code) => typeof code === "string") ?? "";
  return message.includes(code as string) ? "" : ` (${code})`;
}
