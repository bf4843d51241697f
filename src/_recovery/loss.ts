// This module is browser compatible.
import type { RecoveryLoss } from "./recovery_events.ts";

/** A loss. */
export function loss(kind: RecoveryLoss["kind"], id: string | undefined, atMs: number, reason: string): RecoveryLoss {
  return { kind, id, atMs, durationMs: undefined, reason };
}
