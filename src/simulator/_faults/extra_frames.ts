// This module is browser compatible.
import type { IdGenerator } from "../../_internal/ids.ts";
import { serverError } from "../_errors/server_error.ts";
import type { ErrorStormFault, GarbageFault, HugeFault, UnknownEventFault } from "../frame_faults.ts";

/** Characters of a huge frame's padding, and how many errors make a storm. */
const HUGE_CHARACTERS = 16 * 1024 * 1024;
const STORM_COUNT = 100;

/** A fault that sends frames that the server never meant to send. */
export type ExtraFault = ErrorStormFault | GarbageFault | HugeFault | UnknownEventFault;

/** Number of frames that a fault sends. */
export function extraCount(fault: ExtraFault): number {
  return fault.type === "error_storm" ? fault.count ?? STORM_COUNT : 1;
}

/** Creates one of the frames that a fault sends. */
export function extraFrame(fault: ExtraFault, ids: IdGenerator): string | Uint8Array {
  if (fault.type === "garbage") return fault.frame ?? "\u0000 garbage {";
  return JSON.stringify({ event_id: ids("event"), ...extraEvent(fault) });
}

function extraEvent(fault: Exclude<ExtraFault, GarbageFault>): Readonly<Record<string, unknown>> {
  switch (fault.type) {
    case "huge":
      return { type: "simulator.huge", padding: "x".repeat(fault.characters ?? HUGE_CHARACTERS) };
    case "unknown_event":
      return fault.event ?? { type: "simulator.unknown", content: { nobody: "knows" } };
    case "error_storm": {
      const { code, message, param, type } = serverError("server_error");
      return { type: "error", error: { type, code: fault.code ?? code, message, param, event_id: null } };
    }
  }
}
