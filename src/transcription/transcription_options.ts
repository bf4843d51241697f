// This module is browser compatible.
import type { AudioLagSettings } from "../_media/input_settings.ts";
import type {
  NoiseReduction,
  TranscriptionConfig,
  TranscriptionDelay,
  TranscriptionModel,
  TranscriptionSessionConfig,
  TurnDetection,
} from "../protocol/mod.ts";
import type { ReconnectOptions, SessionOptions } from "../session/mod.ts";
import type { ApiTarget, DialOptions, Transport } from "../transport/mod.ts";

/**
 * Model that writes down what is said when a caller names none: it finds turns, and tells which language it heard.
 *
 * @category Transcription
 */
export const DEFAULT_TRANSCRIPTION_MODEL = "gpt-transcribe";

/**
 * Hints for the transcription; each sets a field of `transcription`.
 *
 * @category Transcription
 */
export interface TranscriptionHints {
  /**
   * Model that transcribes. `gpt-live-transcribe` and `gpt-realtime-whisper` write down what is said while it is said, and
   * find no turns: those are ended by `commit()`, `drain()`, or by closing `input`.
   *
   * @default {"gpt-transcribe"}
   */
  model?: TranscriptionModel | undefined;
  /** Language spoken, as an ISO 639-1 code such as `en`; makes transcripts better and faster. */
  language?: string | undefined;
  /** Languages that may be spoken, at least one; `gpt-transcribe` and `gpt-live-transcribe` only. */
  languages?: readonly string[] | undefined;
  /** Free text that guides style and vocabulary; for `whisper-1` a list of words. Not for `gpt-realtime-whisper`. */
  prompt?: string | undefined;
  /** Words to listen for, such as names; `gpt-transcribe` and `gpt-live-transcribe` only. */
  keywords?: readonly string[] | undefined;
  /** How long to wait for context; `gpt-realtime-whisper` only. */
  delay?: TranscriptionDelay | undefined;
}

/**
 * Options of a `RealtimeTranscription`.
 *
 * @category Transcription
 */
export interface TranscriptionOptions extends AudioLagSettings {
  /**
   * How long `utterances()` waits for the words of a turn that has ended, in milliseconds from its end, or from the last
   * words that came. Then the utterance is given as `"incomplete"`, and later ones do not wait for it.
   *
   * @default {10000}
   */
  transcriptTimeoutMs?: number | undefined;
  /**
   * Gets errors of the server that refuse none of our commands, which are events of `session`, too, and errors of listeners
   * that nothing else gets. `context` says where it went wrong.
   *
   * @default {console.error}
   */
  onUnhandled?: ((error: unknown, context: string) => void) | undefined;
}

/**
 * Options of {@linkcode connectTranscription}.
 *
 * @category Transcription
 */
export interface ConnectTranscriptionOptions
  extends
    ApiTarget,
    DialOptions,
    TranscriptionHints,
    TranscriptionOptions,
    Pick<SessionOptions, "ackTimeoutMs" | "limits" | "logger" | "makeId"> {
  /** The wire's own transcription, in place of `model` and the hints. */
  transcription?: TranscriptionConfig | undefined;
  /**
   * How turns are found: a kind with the server's defaults, everything in detail, or null for none; short for
   * `session.audio.input.turn_detection`.
   *
   * @default {null with models that find no turns, else the server's: "server_vad"}
   */
  turnDetection?: "server_vad" | "semantic_vad" | TurnDetection | null | undefined;
  /** Noise filter, null for none; short for `session.audio.input.noise_reduction`. */
  noiseReduction?: NoiseReduction | null | undefined;
  /** The wire's own configuration, everything in it, such as the format of the audio. */
  session?: Omit<TranscriptionSessionConfig, "type"> | undefined;
  /**
   * How the session survives a drop of its connection, and its end at 60 minutes; `false` lets it end with the connection.
   *
   * @default {{}} when the session dials itself and has a key, or a function that gives one; `false` with a client secret
   *   (`ek_…`), which serves once, and with a `transport`
   */
  recovery?: ReconnectOptions | false | undefined;
  /** A connection that is open already; nothing is dialled then. It is closed when no session can be opened over it. */
  transport?: Transport | undefined;
}
