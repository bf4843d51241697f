// This module is browser compatible.
import { joinNames, type OptionNames } from "../_internal/check_options.ts";
import { aBoolean, aClock, anOnDrop, aNumber } from "../_internal/option_kinds.ts";
import type { Clock } from "../_internal/clock.ts";
import type { InputEnd } from "../_media/input_options.ts";
import { type AudioInputSettings, INPUT_NAMES } from "../_media/input_settings.ts";

/**
 * The source of playback positions: `"paced"`, the output itself, which releases audio at the speed at which it is
 * heard; `"reported"`, a player, which gets audio immediately and calls `playback.report()`; or `"server"`, which plays
 * the audio itself over WebRTC or SIP: the output is then empty, and an interruption clears the server's buffer.
 *
 * @category Voice
 */
export type PlaybackSource = "paced" | "reported" | "server";

/**
 * The track on which the user's audio is sent: a `MediaStreamTrack`, or an object that stands for one.
 *
 * @category Voice
 */
export interface VoiceTrack {
  /** Whether its sound is sent; otherwise silence is sent in its place. */
  enabled: boolean;
}

/**
 * Options of a `VoiceSession`. When the user's audio waits for too long, or some is dropped, a `lag` event reports it.
 *
 * @category Voice
 */
export interface VoiceOptions extends AudioInputSettings {
  /**
   * The effect of closing the input after the last audio was sent. With `"commit"`, nothing is committed if no audio was
   * sent since the last time.
   *
   * @default {"silence"} when the server detects turns, `"nothing"` otherwise
   */
  inputEnd?: InputEnd | undefined;
  /**
   * For push-to-talk with a microphone that is always open: audio written to `input` is sent only during a turn of
   * `talk()`, which begins with the last `preRollMs` milliseconds before it: a finite number, as they are kept in memory.
   *
   * @default {undefined} everything is sent
   */
  preRollMs?: number | undefined;
  /**
   * Whether silence replaces the user's audio while the model is heard: no echo reaches the server, and the user cannot
   * interrupt by voice. The model counts as heard until its player reports the end, and at most for the duration of the
   * received audio. When the server plays the audio, `track` is disabled meanwhile, and is required. If the server never
   * reports the end, the track is enabled a minute or more after the estimated end.
   *
   * @default {false}
   */
  halfDuplex?: boolean | undefined;
  /**
   * Time that the microphone stays off after the model was heard with `halfDuplex`, in milliseconds, so that its echo
   * does not count as speech.
   *
   * @default {150}
   */
  echoTailMs?: number | undefined;
  /**
   * The track on which the user's audio is sent when it does not pass through `input`, as over WebRTC: `mute()` and
   * `halfDuplex` then disable it.
   */
  track?: VoiceTrack | undefined;
  /**
   * The source of playback positions: `"paced"`, a clock, for audio read from `output` and `outputOf()`; `"reported"`,
   * a player, which calls `playback.report()`; `"server"`, the server, which plays the audio itself. Use `"reported"`
   * to play the audio of events or of a response's `audioStream()`: with the others, nothing of it counts as heard, and
   * an interruption withdraws everything that was said.
   *
   * With `"reported"`, audio that should have been heard by now counts as heard, even if its report was lost.
   *
   * @default {"paced"}, with a `callId`, or a transport whose server plays the audio, `"server"`
   */
  playbackSource?: PlaybackSource | undefined;
  /**
   * Maximum lead of the paced output over the playhead, in milliseconds. After an interruption, at most this much stale
   * audio has already been read.
   *
   * @default {200}
   */
  leadMs?: number | undefined;
  /**
   * Limit of the model's audio that waits for the reader of `output`, in milliseconds. Beyond it, the waiting audio is
   * dropped, `output` ends with a `QuotaExceededError`, and an `error` event reports it; the session continues. The
   * server sends audio faster than it is heard, so the limit must allow for a whole answer. Audio for `outputOf()`
   * counts as well: the stream with the most waiting audio is the one that ends. A cancelled stream does not count.
   *
   * @default {600000}
   */
  maxUnheardMs?: number | undefined;
  /**
   * Whether the user's speech, or a turn of `talk()`, interrupts the model.
   *
   * @default {true}
   */
  autoBargeIn?: boolean | undefined;
  /**
   * Duration of the user's speech that interrupts the model, in milliseconds, so that a cough or an echo does not. The
   * server detects the end of speech `silence_duration_ms` late: a shorter value only delays the interruption. Unless
   * the turn detection has `interrupt_response: false`, the server still stops generating the answer at the first
   * sound.
   *
   * @default {0}
   */
  minBargeInMs?: number | undefined;
  /**
   * Time that `transcripts()` waits for the transcript of the user's speech, in milliseconds from the end of the turn.
   * The utterance is then reported as `"incomplete"`, and later ones no longer wait for it.
   *
   * @default {10000}
   */
  transcriptTimeoutMs?: number | undefined;
  /**
   * Handling of audio of the model that has arrived when the connection drops: `"finish"` plays it to its end, and it
   * counts as heard; `"flush"` drops it.
   *
   * @default {recovery.onDrop of the session, or "finish"}
   */
  onDrop?: "finish" | "flush" | undefined;
  /**
   * Source of time.
   *
   * @default {systemClock}
   */
  clock?: Clock | undefined;
}

/** The names of the {@linkcode VoiceOptions}, for `checkOptions`. */
export const VOICE_NAMES = /* @__PURE__ */ joinNames((): OptionNames<VoiceOptions> => ({
  ...INPUT_NAMES,
  autoBargeIn: aBoolean,
  clock: aClock,
  echoTailMs: aNumber,
  halfDuplex: aBoolean,
  inputEnd: [["silence", "commit", "nothing"]],
  leadMs: aNumber,
  maxUnheardMs: aNumber,
  minBargeInMs: aNumber,
  onDrop: anOnDrop,
  playbackSource: [["paced", "reported", "server"]],
  preRollMs: aNumber,
  track: 1,
  transcriptTimeoutMs: aNumber,
}));
