// This module is browser compatible.
import type { AudioLagSettings } from "../_media/input_settings.ts";
import type { ReconnectOptions } from "../_recovery/recovery_options.ts";
import type {
  IncomingTranslationServerEvent,
  TranslationClientEvent,
  TranslationNoiseReduction,
  TranslationSessionConfig,
  TranslationTranscription,
} from "../protocol/mod.ts";
import type { DialOptions, TranslationTargetOptions, Transport } from "../transport/mod.ts";

/**
 * How long a change of the settings waits for its answer unless told otherwise, in milliseconds.
 *
 * @category Translation
 */
export const DEFAULT_UPDATE_TIMEOUT_MS = 10_000;

/**
 * Model that writes down what is said in the source language, unless told otherwise.
 *
 * @category Translation
 */
export const DEFAULT_SOURCE_TRANSCRIPTION = "gpt-realtime-whisper";

/**
 * A connection that speaks the protocol of translation.
 *
 * @category Translation
 */
export type TranslationTransport = Transport<TranslationClientEvent, IncomingTranslationServerEvent>;

/**
 * Settings of a translation session; each sets a field of `session`.
 *
 * @category Translation
 */
export interface TranslationSettings {
  /**
   * Language to translate into, an ISO 639-1 code such as `de`; short for `session.audio.output.language`.
   *
   * @default {the server's: "en"}
   */
  language?: string | undefined;
  /**
   * Transcription of the source language, null for none: `transcripts()` has the translation only then. Short for
   * `session.audio.input.transcription`.
   *
   * @default {{ model: "gpt-realtime-whisper" }}
   */
  transcription?: TranslationTranscription | null | undefined;
  /** Noise filter, null for none; short for `session.audio.input.noise_reduction`. */
  noiseReduction?: TranslationNoiseReduction | null | undefined;
  /** The wire's own configuration, everything in it. */
  session?: TranslationSessionConfig | undefined;
}

/**
 * Options of a `RealtimeTranslation`.
 *
 * @category Translation
 */
export interface TranslationOptions extends AudioLagSettings {
  /**
   * How much of the translation may wait for the reader of `output`, in milliseconds. With more, what waits is let go,
   * `output` ends in a `QuotaExceededError`, and `onUnhandled` tells; the session goes on. Nothing waits in an `output`
   * that was cancelled.
   *
   * @default {600000}
   */
  maxUnheardMs?: number | undefined;
  /**
   * How long {@linkcode RealtimeTranslation.update} waits for its answer, in milliseconds.
   *
   * @default {10000}
   */
  ackTimeoutMs?: number | undefined;
  /**
   * Gets what goes wrong and has no other way to its caller: errors of the server that refuse none of our commands while
   * nobody reads `events()`, audio that is none, and too much unheard audio. `context` says which.
   *
   * @default {console.error}
   */
  onUnhandled?: ((error: unknown, context: string) => void) | undefined;
}

/**
 * Options of {@linkcode connectTranslation}.
 *
 * @category Translation
 */
export interface ConnectTranslationOptions
  extends TranslationTargetOptions, DialOptions, TranslationSettings, TranslationOptions {
  /**
   * How the session survives a drop of its connection, and its end at 60 minutes; `false` lets it end with the connection.
   *
   * @default {{}} when the session dials itself and has a key, or a function that gives one; `false` with a client secret
   *   (`ek_…`), which serves once, and with a `transport`
   */
  recovery?: ReconnectOptions | false | undefined;
  /**
   * A connection that is open already; nothing is dialled then. It is closed when no session can be opened over it. Make
   * one with `createTransport(socket, { codec: translationCodec })`.
   */
  transport?: TranslationTransport | undefined;
}
