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
 * Default model of a transcription: it detects turns, and reports the language.
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
   * Model that transcribes. `gpt-live-transcribe` and `gpt-realtime-whisper` transcribe continuously, and do not detect
   * turns: those are ended by `commit()`, `drain()`, or by closing `input`.
   *
   * @default {"gpt-transcribe"}
   */
  model?: TranscriptionModel | undefined;
  /** Spoken language, as an ISO 639-1 code such as `en`; improves accuracy and latency. */
  language?: string | undefined;
  /** Languages that may be spoken, at least one; `gpt-transcribe` and `gpt-live-transcribe` only. */
  languages?: readonly string[] | undefined;
  /** Free text that guides style and vocabulary; for `whisper-1` a list of words. Not for `gpt-realtime-whisper`. */
  prompt?: string | undefined;
  /** Words to listen for, such as names; `gpt-transcribe` and `gpt-live-transcribe` only. */
  keywords?: readonly string[] | undefined;
  /** Amount of context to wait for; `gpt-realtime-whisper` only. */
  delay?: TranscriptionDelay | undefined;
}

/**
 * Options of a `RealtimeTranscription`.
 *
 * @category Transcription
 */
export interface TranscriptionOptions extends AudioLagSettings {
  /**
   * Time that `utterances()` waits for the words of a turn that has ended, in milliseconds from its end, or from the
   * last words. The utterance is then reported as `"incomplete"`, and later ones no longer wait for it.
   *
   * @default {10000}
   */
  transcriptTimeoutMs?: number | undefined;
  /**
   * Receives errors of the server that reject none of our commands (they are also events of `session`), and exceptions
   * of listeners. `context` names the place.
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
  /** Transcription in the form of the wire, in place of `model` and the hints. */
  transcription?: TranscriptionConfig | undefined;
  /**
   * Turn detection: a type with the server's defaults, the full configuration, or null for none; short for
   * `session.audio.input.turn_detection`.
   *
   * @default {null with models without turn detection, else the server's: "server_vad"}
   */
  turnDetection?: "server_vad" | "semantic_vad" | TurnDetection | null | undefined;
  /** Noise filter, null for none; short for `session.audio.input.noise_reduction`. */
  noiseReduction?: NoiseReduction | null | undefined;
  /** The full configuration in the form of the wire, such as the format of the audio. */
  session?: Omit<TranscriptionSessionConfig, "type"> | undefined;
  /**
   * How the session survives a dropped connection, and its end at 60 minutes; with `false`, it ends with its connection.
   *
   * @default {{}} when the session dials itself and has a key, or a function that returns one; `false` with a client
   *   secret (`ek_…`), which expires soon, and with a `transport`
   */
  recovery?: ReconnectOptions | false | undefined;
  /** A connection that is already open; nothing is dialled then. It is closed if no session can be opened over it. */
  transport?: Transport | undefined;
}
