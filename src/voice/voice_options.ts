// This module is browser compatible.
import type { OptionNames } from "../_internal/check_options.ts";
import type { Clock } from "../_internal/clock.ts";
import type { InputEnd } from "../_media/input_options.ts";
import type { AudioInputSettings } from "../_media/input_settings.ts";

/**
 * The source of playback positions: `"paced"`, the output itself, which lets audio out at the speed at which it is heard;
 * `"reported"`, a player, which gets audio at once and calls `playback.report()`; or `"server"`, which plays the audio
 * itself over WebRTC or SIP: nothing comes out of the output then, and an interruption clears the server's buffer.
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
  /** Whether its sound is sent; silence is sent in its place otherwise. */
  enabled: boolean;
}

/**
 * Options of a `VoiceSession`. When the user's audio begins to wait for too long, or some is dropped, a `lag` event tells.
 *
 * @category Voice
 */
export interface VoiceOptions extends AudioInputSettings {
  /**
   * The effect of closing the input after the last audio was sent.
   *
   * @default {"silence"} when the server finds the turns, `"nothing"` otherwise
   */
  inputEnd?: InputEnd | undefined;
  /**
   * For push-to-talk with a microphone that is always open: what is written to `input` is sent only during a turn of
   * `talk()`, which begins with the last so many milliseconds from before it. Left out, everything is sent.
   */
  preRollMs?: number | undefined;
  /**
   * Whether silence replaces the user's audio while the model is heard: no echo reaches the server, and the user cannot
   * interrupt by voice. The model counts as heard until its player reports so, and at most as long as the audio lasts that
   * has arrived. When the server plays the audio, `track` is switched off meanwhile, and is required.
   *
   * @default {false}
   */
  halfDuplex?: boolean | undefined;
  /**
   * How long the microphone stays off with `halfDuplex` after the model was heard, in milliseconds, so that its echo is not
   * taken for speech.
   *
   * @default {150}
   */
  echoTailMs?: number | undefined;
  /**
   * The track on which the user's audio is sent when it does not pass through `input`, as over WebRTC: what `mute()` and
   * `halfDuplex` switch off then.
   */
  track?: VoiceTrack | undefined;
  /**
   * The source of playback positions: `"paced"` a clock, for what is read from `output` and `outputOf()`; `"reported"` a player,
   * which tells `playback.report()`; `"server"` the server, which plays the audio itself. Whoever plays what the events or
   * a response's `audioStream()` carry has to report: by the others nothing of it was heard, and an interruption takes back
   * all that was said.
   *
   * With `"reported"` audio that should have been heard by now counts as heard, even if its report was lost.
   *
   * @default {"paced"}, with a `callId`, or a transport whose server plays the audio, `"server"`
   */
  playbackSource?: PlaybackSource | undefined;
  /**
   * How far the paced output may run ahead of the playhead, in milliseconds. After an interruption at most this much
   * stale audio is in the hands of the reader.
   *
   * @default {200}
   */
  leadMs?: number | undefined;
  /**
   * How much of the model's audio may wait for the reader of `output`, in milliseconds. With more, what waits is let go,
   * `output` ends in a `QuotaExceededError`, and an `error` event tells; the session goes on. The server sends faster
   * than is heard, so a whole answer must have room. What `outputOf()` gives out counts as well: the stream in which most
   * waits is the one that ends. Nothing counts in one that was cancelled.
   *
   * @default {600000}
   */
  maxUnheardMs?: number | undefined;
  /**
   * Whether the user's speech, or a turn of `talk()`, cuts what the model says.
   *
   * @default {true}
   */
  autoBargeIn?: boolean | undefined;
  /**
   * How long the user must speak before that cuts, in milliseconds, so that a cough or an echo does not. The server
   * notices the end of speech `silence_duration_ms` late: what is shorter than that only delays the cut. Unless the
   * turn detection has `interrupt_response: false`, the server stops making the answer at the first sound all the same.
   *
   * @default {0}
   */
  minBargeInMs?: number | undefined;
  /**
   * How long `transcripts()` waits for the transcript of what the user has said, in milliseconds from the end of the turn. Then
   * the utterance is given out as `"incomplete"`, and later ones do not wait for it.
   *
   * @default {10000}
   */
  transcriptTimeoutMs?: number | undefined;
  /**
   * What happens to audio of the model that has arrived when the connection drops: `"finish"` plays it to its end, and it
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
export const VOICE_NAMES: OptionNames<VoiceOptions> = {
  audioKit: 1,
  autoBargeIn: 1,
  chunkMs: 1,
  clock: 1,
  echoTailMs: 1,
  halfDuplex: 1,
  inputEnd: 1,
  inputRate: 1,
  leadMs: 1,
  maxLagMs: 1,
  maxUnheardMs: 1,
  minBargeInMs: 1,
  onDrop: 1,
  overflow: 1,
  playbackSource: 1,
  preRollMs: 1,
  track: 1,
  transcriptTimeoutMs: 1,
};
