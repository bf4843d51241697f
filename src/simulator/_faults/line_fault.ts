// This module is browser compatible.
import type { Fault } from "../faults.ts";
import type { ModelFault } from "../model_faults.ts";

/** A fault of a connection, not of the model. */
export type LineFault = Exclude<Fault, ModelFault>;

/** Whether a fault is one of the model. */
export function isModelFault(fault: Fault): fault is ModelFault {
  return fault.type === "rate_limit" || fault.type === "no_credit" || fault.type === "transcription_stops";
}
