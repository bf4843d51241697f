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
 * Default timeout of a change of the settings, in milliseconds.
 *
 * @category Translation
 */
export const DEFAULT_UPDATE_TIMEOUT_MS = 10_000;

/**
 * Default model for the transcription of the source language.
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
   * Transcription of the source language, null for none: `transcripts()` then contains only the translation. Short for
   * `session.audio.input.transcription`.
   *
   * @default {{ model: "gpt-realtime-whisper" }}
   */
  transcription?: TranslationTranscription | null | undefined;
  /** Noise filter, null for none; short for `session.audio.input.noise_reduction`. */
  noiseReduction?: TranslationNoiseReduction | null | undefined;
  /** The full configuration in the form of the wire. */
  session?: TranslationSessionConfig | undefined;
}

/**
 * Options of a `RealtimeTranslation`.
 *
 * @category Translation
 */
export interface TranslationOptions extends AudioLagSettings {
  /**
   * Limit of the translation that waits for the reader of `output`, in milliseconds. Beyond it, the waiting audio is
   * dropped, `output` ends with a `QuotaExceededError`, and `onUnhandled` is called; the session continues. Nothing
   * waits in an `output` that was cancelled.
   *
   * @default {600000}
   */
  maxUnheardMs?: number | undefined;
  /**
   * Timeout of {@linkcode RealtimeTranslation.update}, in milliseconds.
   *
   * @default {10000}
   */
  ackTimeoutMs?: number | undefined;
  /**
   * Receives failures that have no other way to the caller: errors of the server that reject none of our commands while
   * `events()` has no reader, invalid audio, and too much unheard audio. `context` names the place.
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
   * How the session survives a dropped connection, and its end at 60 minutes; with `false`, it ends with its connection.
   *
   * @default {{}} when the session dials itself and has a key, or a function that returns one; `false` with a client
   *   secret (`ek_…`), which expires soon, and with a `transport`
   */
  recovery?: ReconnectOptions | false | undefined;
  /**
   * A connection that is already open; nothing is dialled then. It is closed if no session can be opened over it.
   * Create one with `createTransport(socket, { codec: translationCodec })`.
   */
  transport?: TranslationTransport | undefined;
}
