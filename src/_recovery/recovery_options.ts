// This module is browser compatible.
import type { ClientEvent, ItemParam } from "../protocol/mod.ts";
import type { IncomingEvent, Transport } from "../transport/transport.ts";

/**
 * How long a session pauses between attempts to connect. Each pause is a random part of a bound, which doubles with each
 * attempt, so that many clients do not come back at once.
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
 * What the next connection is given of the conversation: the user's words, the assistant's as they were heard, tool calls
 * and their outputs.
 *
 * @category Recovery
 */
export interface ReplayOptions {
  /**
   * How many tokens are replayed at most, as estimated from the length of the texts; the oldest items are left out first.
   *
   * @default {16000}
   */
  maxTokens?: number | undefined;
  /**
   * Ids of items that are never left out.
   *
   * @default {none}
   */
  pinned?: readonly string[] | undefined;
  /**
   * Sums up the items that are left out; its text is replayed first, as a system message. When it throws or takes longer
   * than 5 seconds, nothing stands for them.
   *
   * @default {undefined} nothing stands for them
   */
  summarize?: ((items: readonly ItemParam[]) => string | Promise<string>) | undefined;
  /**
   * A system message that follows the conversation, such as "Go on in the language that was spoken.".
   *
   * @default {undefined} none
   */
  anchor?: string | undefined;
}

/**
 * When and how often another connection is opened.
 *
 * @category Recovery
 */
export interface ReconnectOptions {
  /**
   * How long before its end at 60 minutes a connection is replaced, in milliseconds. From then on the next quiet moment is
   * used, at the latest one 10 seconds before the end. More than half of the session's life counts as that.
   *
   * @default {300000}
   */
  renewBeforeMs?: number | undefined;
  /**
   * How many attempts are made in a row, at least 1; the session ends after them.
   *
   * @default {100}
   */
  maxAttempts?: number | undefined;
  /** The pauses between attempts. */
  backoff?: RecoveryBackoff | undefined;
}

/**
 * How a session survives the end of its connection.
 *
 * @category Recovery
 */
export interface RecoveryOptions extends ReconnectOptions {
  /**
   * What happens to audio of the model that has arrived when the connection drops: `"finish"` plays it to its end, and it
   * counts as heard; `"flush"` drops it. Only a voice session plays audio.
   *
   * @default {"finish"}
   */
  onDrop?: "finish" | "flush" | undefined;
  /** What the next connection is given of the conversation. */
  replay?: ReplayOptions | undefined;
}

/**
 * How another connection is opened, by transports of these events.
 *
 * @category Recovery
 */
export interface ReopenOptions<Out = ClientEvent, In = IncomingEvent> {
  /** Opens another connection, with a credential that is fresh; gives up when `signal` is aborted. */
  open(signal: AbortSignal): Promise<Transport<Out, In>>;
  /**
   * How long an attempt may take until the conversation is there, in milliseconds; it counts again for the replay.
   *
   * @default {15000}
   */
  timeoutMs?: number | undefined;
  /**
   * Gives a number from 0 to 1, by which pauses are shortened.
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
   * Whether that connection has a session of its own, which needs the configuration and the conversation; otherwise it leads to
   * the same session again, as that of a sideband does.
   *
   * @default {whether the session is not `shared`}
   */
  newSession?: boolean | undefined;
  /** Called when the session goes on with a transport that `open` gave. */
  onOpen?: ((transport: Transport) => void) | undefined;
}
