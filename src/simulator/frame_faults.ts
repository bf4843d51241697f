// This module is browser compatible.
import type { FaultTiming, FrameFaultTiming } from "./fault_timing.ts";

/**
 * A frame arrives twice.
 *
 * @category Simulator
 */
export interface DuplicateFault extends FrameFaultTiming {
  /** Kind of fault. */
  readonly type: "duplicate";
}

/**
 * From then on, events arrive in the most unfavourable order that the protocol allows, as it does not define an order
 * between: the transcription of the user's speech and everything else; `rate_limits.updated` and everything else; the
 * words of a spoken message and its audio. Each of the former is held back until a number of other frames have been
 * sent, or 250 ms have passed; the words of a message at most until the end of its content. The order within each group
 * is kept.
 *
 * @category Simulator
 */
export interface ReorderFault extends FaultTiming {
  /** Kind of fault. */
  readonly type: "reorder";
  /**
   * Number of other frames that overtake, at least 1.
   *
   * @default {4}
   */
  readonly frames?: number | undefined;
}

/**
 * A frame is truncated, so that it is not JSON.
 *
 * @category Simulator
 */
export interface TruncateFault extends FrameFaultTiming {
  /** Kind of fault. */
  readonly type: "truncate";
  /**
   * Part of the frame that arrives, from 0 to 1.
   *
   * @default {0.5}
   */
  readonly keep?: number | undefined;
}

/**
 * A frame arrives as a binary frame, complete.
 *
 * @category Simulator
 */
export interface BinaryFault extends FrameFaultTiming {
  /** Kind of fault. */
  readonly type: "binary";
}

/**
 * A frame with arbitrary content arrives.
 *
 * @category Simulator
 */
export interface GarbageFault extends FaultTiming {
  /** Kind of fault. */
  readonly type: "garbage";
  /**
   * The frame: text, or bytes for a binary one.
   *
   * @default {text that is not JSON}
   */
  readonly frame?: string | Uint8Array | undefined;
}

/**
 * An overlong frame arrives: an event of the type `simulator.huge`.
 *
 * @category Simulator
 */
export interface HugeFault extends FaultTiming {
  /** Kind of fault. */
  readonly type: "huge";
  /**
   * Characters in its field `padding`. WebSockets of Deno end when a frame is longer than 64 MiB.
   *
   * @default {16 Mi}
   */
  readonly characters?: number | undefined;
}

/**
 * An event of an unknown type arrives.
 *
 * @category Simulator
 */
export interface UnknownEventFault extends FaultTiming {
  /** Kind of fault. */
  readonly type: "unknown_event";
  /**
   * The event.
   *
   * @default {one of the type "simulator.unknown"}
   */
  readonly event?: Readonly<Record<string, unknown>> | undefined;
}

/**
 * Errors arrive that no event of the client has caused.
 *
 * @category Simulator
 */
export interface ErrorStormFault extends FaultTiming {
  /** Kind of fault. */
  readonly type: "error_storm";
  /**
   * Number of frames.
   *
   * @default {100}
   */
  readonly count?: number | undefined;
  /**
   * Milliseconds between them.
   *
   * @default {0}
   */
  readonly everyMs?: number | undefined;
  /**
   * Code of the errors.
   *
   * @default {"server_error"}
   */
  readonly code?: string | undefined;
}

/**
 * From then on, events of some types arrive late, and later events of the server overtake them: the error of a rejected
 * command arrives after the answers to later ones, as observed with the real server.
 *
 * @category Simulator
 */
export interface OvertakeFault extends FaultTiming {
  /** Kind of fault. */
  readonly type: "overtake";
  /**
   * Types of the events that arrive late. Among themselves they keep their order.
   *
   * @default {["error"]}
   */
  readonly events?: readonly string[] | undefined;
  /**
   * Milliseconds by which they are late.
   *
   * @default {900}
   */
  readonly ms?: number | undefined;
}
