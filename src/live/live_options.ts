// This module is browser compatible.
import type { OptionNames } from "../_internal/check_options.ts";
import { aClock, aFunction, anAbortSignal, anArray, aNumber } from "../_internal/option_kinds.ts";
import type { ApiTarget } from "../_internal/api_target.ts";
import type { Clock } from "../_internal/clock.ts";
import type { ReconnectOptions } from "../_recovery/recovery_options.ts";
import type { AudioInputSettings } from "../_media/input_settings.ts";
import type {
  LiveAudioFormat,
  LiveDelegationConfig,
  LiveForkSessionConfig,
  LiveInitialItem,
  LiveModel,
  LiveResponsesConfig,
  LiveSessionConfig,
  LiveVoice,
} from "../protocol/mod.ts";
import type { RealtimeTool } from "../tools/mod.ts";
import type { Dial } from "../transport/mod.ts";
import type { OnLiveToolApproval } from "./live_tool_call.ts";
import type { LiveTransport } from "./live_transport.ts";
import type { LiveTurnOptions } from "./live_turn.ts";

/**
 * Limits of a Live session. Silence is billed like speech.
 *
 * @category Options
 */
export interface LiveLimits {
  /**
   * Maximum duration of the session, in milliseconds, more than 0; then it is closed.
   *
   * @default {undefined} the server's limit: two hours
   */
  maxDurationMs?: number | undefined;
}

/**
 * Options of every Live session.
 *
 * @category Options
 */
export interface LiveSessionOptions extends Omit<ApiTarget, "safetyIdentifier"> {
  /**
   * Address of a relay that speaks the Live protocol, such as the edge app's, in place of the API: no key is sent. It
   * is the only way for a page to use a WebSocket, as the Live API has no client secrets.
   */
  url?: string | URL | undefined;
  /**
   * Opens the socket.
   *
   * @default {createDialer()}
   */
  dial?: Dial | undefined;
  /** A connection that is already open; nothing is dialled then. */
  transport?: LiveTransport | undefined;
  /** Functions that the backend of a responses delegation may call, as created by `defineTool`. */
  tools?: readonly RealtimeTool[] | undefined;
  /** Decides about calls of tools with `needsApproval`; without it they are not approved. */
  onToolApproval?: OnLiveToolApproval | undefined;
  /** How fragments of the transcripts are grouped into turns. */
  turns?: LiveTurnOptions | undefined;
  /** Limits of the session. */
  limits?: LiveLimits | undefined;
  /**
   * Timeout of an answer of the server, in milliseconds, at least 0; then the command rejects with a `TimeoutError`.
   *
   * @default {10000}
   */
  ackTimeoutMs?: number | undefined;
  /**
   * Time that `close()` waits for `session.closed`, in milliseconds, at least 0; then it reports `confirmed: false`.
   *
   * @default {10000}
   */
  closeTimeoutMs?: number | undefined;
  /**
   * Receives errors that no listener handled: of listeners, tools, sources, sinks, and rejections of events that no
   * command waits for.
   *
   * @default {console.error}
   */
  onUnhandled?: ((error: unknown, context: string) => void) | undefined;
  /**
   * Stops opening the session when aborted: rejects with the signal's reason. It has no effect once the session has
   * started.
   */
  signal?: AbortSignal | undefined;
  /**
   * Timeout until the session has started, in milliseconds, at least 0.
   *
   * @default {15000}
   */
  timeoutMs?: number | undefined;
  /**
   * Source of time.
   *
   * @default {systemClock}
   */
  clock?: Clock | undefined;
}

/**
 * Options of sessions whose audio passes this connection.
 *
 * @category Options
 */
export interface LiveAudioOptions extends AudioInputSettings {
  /**
   * Whether silence is sent when no audio arrives for 200 ms. Without it, the session's time stands still: the model
   * says nothing, and `say()` is not answered. Silence is billed like speech.
   *
   * @default {true}
   */
  keeper?: boolean | undefined;
}

/**
 * Options of `connectLive`.
 *
 * @category Options
 */
export interface ConnectLiveOptions extends LiveSessionOptions, LiveAudioOptions {
  /** Stable, anonymous id of the end user. */
  safetyIdentifier?: string | undefined;
  /**
   * Model that speaks; ignored with `azure`, where the deployment replaces it.
   *
   * @default {"gpt-live-1"}
   */
  model?: LiveModel | undefined;
  /** Instructions for the model's speech and behaviour, at most 16,384 tokens; blank: the server's default. */
  instructions?: string | undefined;
  /**
   * Voice of the model.
   *
   * @default {"marin"}, the server's own
   */
  voice?: LiveVoice | undefined;
  /**
   * Format of the audio in both directions.
   *
   * @default {24 kHz PCM16}, the server's own
   */
  format?: LiveAudioFormat | undefined;
  /** Initial history of the session, at most 128 messages. It does not make the model speak. */
  history?: readonly LiveInitialItem[] | undefined;
  /**
   * A model of the Responses API that does the tasks that the voice model delegates; a string is its name. `tools` are
   * then functions of the backend.
   */
  backend?: string | Omit<LiveResponsesConfig, "tools"> | undefined;
  /**
   * The receiver of delegated tasks, in wire fields; in place of `backend`.
   *
   * @default {{ type: "client" }}
   */
  delegation?: LiveDelegationConfig | undefined;
  /**
   * Whether the session can be forked and its recording downloaded.
   *
   * @default {false}
   */
  store?: boolean | undefined;
  /** Further settings of `session.start`, in the form of the wire. */
  session?: Partial<LiveSessionConfig> | undefined;
}

/**
 * Options of `attachLive`.
 *
 * @category Options
 */
export interface AttachLiveOptions extends LiveSessionOptions {
  /**
   * How the observer survives the end of its connection: it attaches to the session again. `renewBeforeMs` has no effect, as
   * the session ends for every participant. `false`: it ends with its connection, as it does with a `transport`.
   *
   * @default {{}}
   */
  recovery?: ReconnectOptions | false | undefined;
}

/**
 * Options of `openLiveChannel`.
 *
 * @category Options
 */
export interface LiveChannelOptions extends
  Pick<
    LiveSessionOptions,
    | "tools"
    | "onToolApproval"
    | "turns"
    | "limits"
    | "ackTimeoutMs"
    | "closeTimeoutMs"
    | "onUnhandled"
    | "signal"
    | "clock"
  > {
  /** Id of the session, from the response to its creation. */
  id?: string | undefined;
  /**
   * Loudness from which the model counts as heard, above 0 and below 1, for `isSpeaking`, `speech_started` and
   * `speech_stopped`; `false` for no detection.
   *
   * @default {0.005}
   */
  speechLevel?: number | false | undefined;
}

/**
 * The names of the {@linkcode LiveChannelOptions}, for `checkLiveOptions`, each with a method of what it takes, or 1.
 *
 * @category Options
 */
export const LIVE_CHANNEL_OPTIONS: OptionNames<LiveChannelOptions> = {
  id: 1,
  speechLevel: 1,
  tools: anArray,
  onToolApproval: aFunction,
  turns: 1,
  limits: 1,
  ackTimeoutMs: aNumber,
  closeTimeoutMs: aNumber,
  onUnhandled: aFunction,
  signal: anAbortSignal,
  clock: aClock,
};

/**
 * Options of `forkLive`.
 *
 * @category Options
 */
export interface ForkLiveOptions extends LiveSessionOptions, LiveAudioOptions {
  /** Changes to the stored session. */
  session?: LiveForkSessionConfig | undefined;
}
