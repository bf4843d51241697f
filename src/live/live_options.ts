// This module is browser compatible.
import type { OptionNames } from "../_internal/check_options.ts";
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
 * Limits of a Live session. Silence is billed as speech is.
 *
 * @category Options
 */
export interface LiveLimits {
  /**
   * How long the session may last, in milliseconds, more than 0; then it is closed.
   *
   * @default {undefined} as long as the server lets it: two hours
   */
  maxDurationMs?: number | undefined;
}

/**
 * Options that every Live session has.
 *
 * @category Options
 */
export interface LiveSessionOptions extends ApiTarget {
  /**
   * Address of a relay that speaks the Live protocol, such as the edge app's, in place of the API: no key is sent. A page
   * has no other way by WebSocket, as the Live API has no client secrets.
   */
  url?: string | URL | undefined;
  /**
   * Opens the socket.
   *
   * @default {createDialer()}
   */
  dial?: Dial | undefined;
  /** A connection that is open already; nothing is dialled then. */
  transport?: LiveTransport | undefined;
  /** Functions that the backend of a responses delegation may call, as `defineTool` makes them. */
  tools?: readonly RealtimeTool[] | undefined;
  /** Decides about calls of tools with `needsApproval`; without it they are not approved. */
  onToolApproval?: OnLiveToolApproval | undefined;
  /** How turns are made of the fragments of the transcripts. */
  turns?: LiveTurnOptions | undefined;
  /** Limits of the session. */
  limits?: LiveLimits | undefined;
  /**
   * How long an answer of the server may take, in milliseconds, at least 0; then the command rejects with a
   * `TimeoutError`.
   *
   * @default {10000}
   */
  ackTimeoutMs?: number | undefined;
  /**
   * How long `close()` waits for `session.closed`, in milliseconds, at least 0; then it reports `confirmed: false`.
   *
   * @default {10000}
   */
  closeTimeoutMs?: number | undefined;
  /**
   * Gets errors that no listener took: of listeners, tools, sources, sinks, and refusals of events that nothing waits for.
   *
   * @default {console.error}
   */
  onUnhandled?: ((error: unknown, context: string) => void) | undefined;
  /** Gives up when aborted, before the session has started: rejects with the signal's reason. */
  signal?: AbortSignal | undefined;
  /**
   * How long it may take until the session has started, in milliseconds, at least 0.
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
   * Whether silence is sent when no audio comes for 200 ms. Without it the session's time stands still meanwhile: the
   * model says nothing, and `say()` is not answered. Silence is billed as speech is.
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
  /**
   * Model that speaks.
   *
   * @default {"gpt-live-1"}
   */
  model?: LiveModel | undefined;
  /** How the model speaks and behaves, at most 16,384 tokens; blank: the server's default. */
  instructions?: string | undefined;
  /**
   * Voice.
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
  /** History that the session begins with, at most 128 messages. It does not make the model speak. */
  history?: readonly LiveInitialItem[] | undefined;
  /**
   * A model of the Responses API that does what the voice model wants done; a string is its name. With it `tools` are
   * functions of the backend.
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
  /** Further settings of `session.start`, as the wire has them. */
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
   * the session ends for everybody. `false`: it ends with its connection, as it does with a `transport`.
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
  /** Id of the session, as the answer to its creation told. */
  id?: string | undefined;
  /**
   * How loud the model must be to count as heard, above 0 and below 1, for `isSpeaking`, `speech_started` and
   * `speech_stopped`; `false` for no detection.
   *
   * @default {0.005}
   */
  speechLevel?: number | false | undefined;
}

/**
 * The names of the {@linkcode LiveChannelOptions}, for `checkOptions`.
 *
 * @category Options
 */
export const LIVE_CHANNEL_OPTIONS: OptionNames<LiveChannelOptions> = {
  id: 1,
  speechLevel: 1,
  tools: 1,
  onToolApproval: 1,
  turns: 1,
  limits: 1,
  ackTimeoutMs: 1,
  closeTimeoutMs: 1,
  onUnhandled: 1,
  signal: 1,
  clock: 1,
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
