import { isRecord, type WireEvent } from "../../_internal/wire.ts";
import {
  type FieldIssue,
  type MalformedFrame,
  safeParseClientEvent,
  safeParseTranslationClientEvent,
} from "../../protocol/mod.ts";
import type { RelayedClientEvent } from "../relay_filter.ts";

/** A frame of a page, as far as it is an event. */
export interface ClientFrame {
  readonly event: RelayedClientEvent;
  /** What is wrong with it by the protocol. */
  readonly issues: readonly FieldIssue[];
}

/** Reads frames of pages. */
export interface ClientFrames {
  /** What a frame holds; `undefined` when that is no event. */
  read(frame: string): ClientFrame | undefined;
}

/** What reads the frames of a kind of session. */
export function clientFrames(type: string): ClientFrames {
  return framesBy(type === "translation" ? safeParseTranslationClientEvent : safeParseClientEvent);
}

/** What reads frames by a parser of the protocol. */
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

/** An event that is not as the protocol wants it, as far as it is one. */
function toEvent(raw: unknown): RelayedClientEvent | undefined {
  return isRecord(raw) && typeof raw.type === "string" ? raw as unknown as WireEvent & RelayedClientEvent : undefined;
}

/** Characters of a frame, or its bytes when it is not text. */
export function lengthOf(data: unknown): number {
  if (typeof data === "string") return data.length;
  return data instanceof Blob ? data.size : (data as ArrayBuffer).byteLength;
}
