// This module is browser compatible.
import type { ModelFault } from "./model_faults.ts";

/** When a fault strikes. */
export interface FaultTiming {
  /**
   * Milliseconds until it can strike, from when it was set.
   *
   * @default {0}
   */
  readonly afterMs?: number | undefined;
  /**
   * Type of the server event at which it strikes, just before the event is sent.
   *
   * @default {at once; a fault that spoils frames takes the next one}
   */
  readonly at?: string | undefined;
  /**
   * How many events of that type pass unharmed first.
   *
   * @default {0}
   */
  readonly skip?: number | undefined;
}

/** What the faults that spoil frames have in common. */
export interface FrameFaultTiming extends FaultTiming {
  /**
   * How many frames it spoils; `Infinity` for all.
   *
   * @default {1}
   */
  readonly times?: number | undefined;
}

/** The connection ends; frames that were held back are lost. */
export interface DropFault extends FaultTiming {
  /** Kind of fault. */
  readonly type: "drop";
  /**
   * Close code. 1006 stands for a connection that breaks without a close frame: so it looks to clients in memory and
   * of a server on Deno; other runtimes close without a code instead.
   *
   * @default {1006}
   */
  readonly code?: number | undefined;
  /**
   * Reason that the close frame gives.
   *
   * @default {""}
   */
  readonly reason?: string | undefined;
}

/**
 * The line is dead and nobody is told: nothing arrives any more on either side. Only a close does, of the session by the
 * simulator or of the socket by the client.
 */
export interface SilenceFault extends FaultTiming {
  /** Kind of fault. */
  readonly type: "silence";
}

/**
 * Everything is held for a while, in both directions, then comes at once. `{ type: "stall", ms: 3000 }` from the start
 * makes `session.created` late.
 */
export interface StallFault extends FaultTiming {
  /** Kind of fault. */
  readonly type: "stall";
  /** Milliseconds. */
  readonly ms: number;
}

/** From then on what the server sends comes slowly: each frame takes the longer of two times. */
export interface SlowFault extends FaultTiming {
  /** Kind of fault. */
  readonly type: "slow";
  /**
   * Bytes in a second.
   *
   * @default {Infinity}
   */
  readonly bytesPerSecond?: number | undefined;
  /**
   * Milliseconds for each frame.
   *
   * @default {0}
   */
  readonly msPerFrame?: number | undefined;
}

/** A frame comes twice. */
export interface DuplicateFault extends FrameFaultTiming {
  /** Kind of fault. */
  readonly type: "duplicate";
}

/**
 * From then on the order is as unlucky as the protocol allows, which promises none between these: the transcription of
 * the user's speech and everything else; `rate_limits.updated` and everything else; the words of a spoken message and
 * its audio. Each of the first is held back, until so many other frames have gone, or 250 ms; the words of a message at
 * most until the end of its content. Among themselves they keep their order.
 */
export interface ReorderFault extends FaultTiming {
  /** Kind of fault. */
  readonly type: "reorder";
  /**
   * How many other frames overtake, at least 1.
   *
   * @default {4}
   */
  readonly frames?: number | undefined;
}

/** A frame is cut off: what arrives is no JSON. */
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

/** A frame comes as binary, complete. */
export interface BinaryFault extends FrameFaultTiming {
  /** Kind of fault. */
  readonly type: "binary";
}

/** A frame comes that nobody wrote. */
export interface GarbageFault extends FaultTiming {
  /** Kind of fault. */
  readonly type: "garbage";
  /**
   * The frame: text, or bytes for a binary one.
   *
   * @default {text that is no JSON}
   */
  readonly frame?: string | Uint8Array | undefined;
}

/** A frame comes that is far too long: an event of the type `simulator.huge`. */
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

/** An event comes of a type that nobody knows. */
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

/** Errors come that no event of the client has caused. */
export interface ErrorStormFault extends FaultTiming {
  /** Kind of fault. */
  readonly type: "error_storm";
  /**
   * How many.
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
 * From then on events of some types come late, and what the server sends after them overtakes them: the error of a
 * refused command arrives after the answers to later ones, as it was seen with the real server.
 */
export interface OvertakeFault extends FaultTiming {
  /** Kind of fault. */
  readonly type: "overtake";
  /**
   * Types of the events that come late. Among themselves they keep their order.
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

/**
 * The session has reached its maximum duration before its time: an `error` with the code `session_expired`, then close
 * code 1001, in the real server's words.
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
 * Something that goes wrong between a simulated session and its client. Several can be at work at the same time.
 *
 * A first frame glued to the answer of the handshake is the one fault that is missing: what sends the answer belongs to
 * the runtime.
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
