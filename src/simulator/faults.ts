// This module is browser compatible.
import type { FaultTiming } from "./fault_timing.ts";
import type {
  BinaryFault,
  DuplicateFault,
  ErrorStormFault,
  GarbageFault,
  HugeFault,
  OvertakeFault,
  ReorderFault,
  TruncateFault,
  UnknownEventFault,
} from "./frame_faults.ts";
import type { ModelFault } from "./model_faults.ts";

/**
 * The connection ends; frames that were held back are lost.
 *
 * @category Simulator
 */
export interface DropFault extends FaultTiming {
  /** Kind of fault. */
  readonly type: "drop";
  /**
   * Close code. 1006 stands for a connection that breaks without a close frame. Clients in memory, and clients of a
   * server on Deno, observe it as such; servers on other runtimes close without a code instead.
   *
   * @default {1006}
   */
  readonly code?: number | undefined;
  /**
   * Reason in the close frame.
   *
   * @default {""}
   */
  readonly reason?: string | undefined;
}

/**
 * The line is silently dead: nothing more arrives on either side, except a close of the session by the simulator or of
 * the socket by the client.
 *
 * @category Simulator
 */
export interface SilenceFault extends FaultTiming {
  /** Kind of fault. */
  readonly type: "silence";
}

/**
 * Everything is held for a while, in both directions, then arrives at once. `{ type: "stall", ms: 3000 }` from the
 * start delays `session.created`.
 *
 * @category Simulator
 */
export interface StallFault extends FaultTiming {
  /** Kind of fault. */
  readonly type: "stall";
  /** Milliseconds. */
  readonly ms: number;
}

/**
 * From then on the server's frames arrive slowly: each frame takes the longer of two times.
 *
 * @category Simulator
 */
export interface SlowFault extends FaultTiming {
  /** Kind of fault. */
  readonly type: "slow";
  /**
   * Bytes per second.
   *
   * @default {Infinity}
   */
  readonly bytesPerSecond?: number | undefined;
  /**
   * Milliseconds per frame.
   *
   * @default {0}
   */
  readonly msPerFrame?: number | undefined;
}

/**
 * The session reaches its maximum duration early: an `error` with the code `session_expired`, then close
 * code 1001, in the real server's words.
 *
 * @category Simulator
 */
export interface ExpireFault extends FaultTiming {
  /** Kind of fault. */
  readonly type: "expire";
  /**
   * Whether the `error` comes before the close frame.
   *
   * @default {true}
   */
  readonly announces?: boolean | undefined;
}

/**
 * A fault between a simulated session and its client. Several can be active at the same time.
 *
 * One fault is missing: a first frame in the same packet as the handshake's response, which is up to the runtime.
 *
 * @category Simulator
 *
 * @example A connection that breaks in the middle of an answer
 * ```ts
 * import { connect } from "@oai-rt/edge";
 * import { createSimulator } from "@oai-rt/edge/simulator";
 * import { assertEquals } from "@std/assert";
 *
 * const simulator = createSimulator({
 *   pace: "fast",
 *   faults: [{ type: "drop", at: "response.output_audio.delta", skip: 2 }],
 * });
 * await using session = await connect({ apiKey: "sk-test", dial: simulator.dial, recovery: false });
 * await session.sendMessage("How are you?");
 * const outcome = await session.respond().done;
 * assertEquals(outcome.status, "lost");
 * assertEquals((await session.closed).code, 1006);
 * ```
 *
 * @example Steering a fault during a test
 * ```ts
 * import { connect } from "@oai-rt/edge";
 * import { createSimulator } from "@oai-rt/edge/simulator";
 * import { assertEquals } from "@std/assert";
 *
 * await using simulator = createSimulator({ pace: "fast" });
 * await using session = await connect({ apiKey: "sk-test", dial: simulator.dial });
 * simulator.sessions[0]!.fault({ type: "rate_limit" });
 * await session.sendMessage("How are you?");
 * const outcome = await session.respond().done;
 * assertEquals(outcome.status === "failed" && outcome.code, "rate_limit_exceeded");
 * ```
 */
export type Fault =
  | DropFault
  | SilenceFault
  | StallFault
  | SlowFault
  | DuplicateFault
  | ReorderFault
  | TruncateFault
  | BinaryFault
  | GarbageFault
  | HugeFault
  | UnknownEventFault
  | ErrorStormFault
  | OvertakeFault
  | ExpireFault
  | ModelFault;
