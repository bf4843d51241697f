import { isRecord, type WireEvent } from "../../_internal/wire.ts";
import {
  type FieldIssue,
  type MalformedFrame,
  safeParseClientEvent,
  safeParseTranslationClientEvent,
} from "../../protocol/mod.ts";
import type { RelayedClientEvent } from "../relay_filter.ts";

/** A frame of a page, if it is an event. */
export interface ClientFrame {
  readonly event: RelayedClientEvent;
  /** Violations of the protocol. */
  readonly issues: readonly FieldIssue[];
}

/** Parses frames of pages. */
export interface ClientFrames {
  /** Parses a frame; `undefined` when it is not an event. */
  read(frame: string): ClientFrame | undefined;
}

/** Returns the parser for the frames of a type of session. */
export function clientFrames(type: string): ClientFrames {
  return framesBy(type === "translation" ? safeParseTranslationClientEvent : safeParseClientEvent);
}

/** Creates a parser of frames from a parser of the protocol. */
export function framesBy(
  parse: (frame: string) => { readonly ok: true; readonly event: { readonly type: string } } | MalformedFrame,
): ClientFrames {
  return {
    read(frame) {
      const result = parse(frame);
      if (result.ok) return { event: result.event as RelayedClientEvent, issues: [] };
      const event = toEvent(result.raw);
      return event && { event, issues: result.issues };
    },
  };
}

/** An event that violates the protocol, as far as it is readable. */
function toEvent(raw: unknown): RelayedClientEvent | undefined {
  return isRecord(raw) && typeof raw.type === "string" ? raw as unknown as WireEvent & RelayedClientEvent : undefined;
}

/** Characters of a frame, or its bytes when it is not text. */
export function lengthOf(data: unknown): number {
  if (typeof data === "string") return data.length;
  return data instanceof Blob ? data.size : (data as ArrayBuffer).byteLength;
}
