// This module is browser compatible.
import type { ClientEvent, ItemParam } from "../protocol/mod.ts";
import type { IncomingEvent, Transport } from "../transport/transport.ts";

/**
 * Pauses between attempts to connect. Each pause is a random part of a bound, which doubles with each attempt, so that
 * many clients do not return at the same time.
 *
 * @category Recovery
 */
export interface RecoveryBackoff {
  /**
   * Bound of the first pause, in milliseconds, at least 0.
   *
   * @default {250}
   */
  firstMs?: number | undefined;
  /**
   * Longest bound in the first minute after the connection ended, in milliseconds.
   *
   * @default {2000}
   */
  maxMs?: number | undefined;
  /**
   * Longest bound after the first minute, in milliseconds.
   *
   * @default {30000}
   */
  lateMaxMs?: number | undefined;
}

/**
 * The part of the conversation that is replayed on the next connection: the user's words, the assistant's words as they
 * were heard, tool calls and their outputs.
 *
 * @category Recovery
 */
export interface ReplayOptions {
  /**
   * Limit of the replayed tokens, as estimated from the length of the texts; the oldest items are omitted first.
   *
   * @default {16000}
   */
  maxTokens?: number | undefined;
  /**
   * Ids of items that are never omitted.
   *
   * @default {undefined} none
   */
  pinned?: readonly string[] | undefined;
  /**
   * Summarizes the omitted items; its text is replayed first, as a system message. If it throws or takes longer than 5
   * seconds, there is no summary.
   *
   * @default {undefined} no summary
   */
  summarize?: ((items: readonly ItemParam[]) => string | Promise<string>) | undefined;
  /**
   * A system message that follows the conversation, such as "Continue in the language spoken so far.".
   *
   * @default {undefined} none
   */
  anchor?: string | undefined;
}

/**
 * Timing and number of the attempts to open another connection.
 *
 * @category Recovery
 */
export interface ReconnectOptions {
  /**
   * Time in milliseconds before the end at 60 minutes, from which a connection may be replaced. The first quiet moment is
   * used, and at the latest the moment 10 seconds before the end. A smaller value than 30,000 counts as
   * 30,000, a greater one than half of the session's life as that half.
   *
   * @default {300000}
   */
  renewBeforeMs?: number | undefined;
  /**
   * Maximum number of consecutive attempts, at least 1; after them, the session ends.
   *
   * @default {100}
   */
  maxAttempts?: number | undefined;
  /** The bounds of the pauses between attempts. */
  backoff?: RecoveryBackoff | undefined;
}

/**
 * How a session survives the end of its connection.
 *
 * @category Recovery
 */
export interface RecoveryOptions extends ReconnectOptions {
  /**
   * Handling of audio of the model that has arrived when the connection drops: `"finish"` plays it to its end, and it
   * counts as heard; `"flush"` drops it. Only a voice session plays audio.
   *
   * @default {"finish"}
   */
  onDrop?: "finish" | "flush" | undefined;
  /** The part of the conversation that is replayed. */
  replay?: ReplayOptions | undefined;
}

/**
 * Opens another connection, for transports of these events.
 *
 * @category Recovery
 */
export interface ReopenOptions<Out = ClientEvent, In = IncomingEvent> {
  /** Opens another connection, with a fresh credential; stops when `signal` is aborted. */
  open(signal: AbortSignal): Promise<Transport<Out, In>>;
  /**
   * Timeout of an attempt until the conversation has been created, in milliseconds; the replay has the same timeout
   * again.
   *
   * @default {15000}
   */
  timeoutMs?: number | undefined;
  /**
   * Returns a number from 0 to 1, by which pauses are shortened.
   *
   * @default {Math.random}
   */
  random?: (() => number) | undefined;
  /**
   * The time of day, in milliseconds since 1970, which may be set at any time.
   *
   * @default {Date.now}
   */
  wallNow?: (() => number) | undefined;
}

/**
 * Options of `recoveryPart`.
 *
 * @category Recovery
 */
export interface RecoveryPartOptions extends RecoveryOptions, ReopenOptions {
  /**
   * Whether that connection has a session of its own, which needs the configuration and the conversation. Otherwise it
   * leads to the same session again, as that of a sideband does.
   *
   * @default {whether the session is not `shared`}
   */
  newSession?: boolean | undefined;
  /** Called when the session continues on a transport returned by `open`. */
  onOpen?: ((transport: Transport) => void) | undefined;
}
