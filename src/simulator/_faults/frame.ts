// This module is browser compatible.
import { parseJson } from "../../_internal/text/parse_json.ts";
import { isRecord, type WireEvent } from "../../_internal/wire.ts";

/** A frame on its way to the client. */
export interface Frame {
  /** The content of the frame. */
  readonly data: string | Uint8Array;
  /** The event that it holds; `undefined` for garbage. */
  readonly event: WireEvent | undefined;
}

/** Inspects a frame: tests send arbitrary frames. */
export function toFrame(data: string | Uint8Array): Frame {
  const event = typeof data === "string" ? parseJson(data) : undefined;
  return { data, event: isRecord(event) && typeof event.type === "string" ? event as WireEvent : undefined };
}
