// This module is browser compatible.
import { AudioInput } from "../../_media/audio_input.ts";
import { audioLayout, msOfBytes, silenceOf, type WireLayout } from "../../_media/audio_layout.ts";
import { type AudioInputSettings, withInputDefaults } from "../../_media/input_settings.ts";
import { type Clock, systemClock } from "../../_internal/clock.ts";
import { encodeBase64 } from "../../audio/mod.ts";
import type { CloseInfo } from "../../errors.ts";
import type { LiveEffectiveAudioFormat } from "../../protocol/mod.ts";
import { unlessEnded } from "../_core/unless_ended.ts";
import { InputKeeper, MAX_GAP_MS } from "./input_keeper.ts";

/** Interval at which the keeper checks the time, in milliseconds. */
const KEEPER_MS = 100;

/** Longest piece of silence, in milliseconds: after a sleep there is a minute of it, and relays count frames. */
const MAX_SILENCE_MS = 1_000;

/** Dependencies of the input. */
export interface LiveInputOptions {
  /** Settings for converting and sending the audio. */
  readonly settings: AudioInputSettings;
  /** Format of the session. */
  readonly format: LiveEffectiveAudioFormat | undefined;
  /** Whether silence is sent when no audio arrives. */
  readonly keeper: boolean;
  /** Sends audio, base64; throws a `ConnectionError` when the connection has ended. */
  readonly append: (audio: string) => void;
  /** Bytes that were sent and have not left yet. */
  readonly bufferedAmount: () => number;
  /** Resolves when the connection has ended. */
  readonly closed: Promise<CloseInfo>;
  /** Source of time. */
  readonly clock: Clock;
}

/** Sends the user's audio to the server: whole pieces, and silence when there is none. */
export class LiveInput {
  /** Takes the audio. */
  readonly audio: AudioInput;
  /** Whether silence is sent in place of the audio. */
  muted = false;
  /** Tracks how the sent audio kept time. */
  readonly keeper: InputKeeper;
  readonly #options: LiveInputOptions;
  readonly #layout: WireLayout;
  #cancelTick = (): void => {};

  constructor(options: LiveInputOptions) {
    const { bufferedAmount, clock, closed, format, settings } = options;
    const layout = audioLayout(format);
    this.#options = options;
    this.#layout = layout;
    this.keeper = new InputKeeper(clock.now());
    this.audio = new AudioInput({
      layout,
      // The server does not detect turns that silence would have to end.
      endOfTurnMs: undefined,
      get bufferedAmount() {
        return bufferedAmount();
      },
      closed,
      appendAudio: (audio) => this.#send(audio),
      commitAudio: () => Promise.resolve(),
    }, { ...withInputDefaults(settings), clock, isMuted: () => this.muted, onLag: () => {} });
    if (options.keeper) this.#tick();
  }

  /** Sends silence in place of the audio, or the audio again. */
  mute(isMuted: boolean): void {
    this.flush();
    this.muted = isMuted;
  }

  /** Sends an incomplete piece. */
  flush(): void {
    // Rejects when the connection has ended, which the stream reports as well.
    this.audio.finish().catch(() => {});
  }

  /** Stops sending silence. */
  end(): void {
    this.#cancelTick();
  }

  #send(bytes: Uint8Array): void {
    this.#options.append(encodeBase64(bytes));
    this.keeper.sent(msOfBytes(bytes.length, this.#layout), this.#options.clock.now());
  }

  #tick(): void {
    const { append, clock } = this.#options;
    // Audio that waits for a full piece is older than the silence.
    if (this.keeper.isBehind(clock.now())) this.flush();
    // While the line is too slow for the existing audio, silence would only delay it further.
    const gapMs = this.audio.lagMs > MAX_GAP_MS ? 0 : this.keeper.fill(clock.now());
    unlessEnded(() => {
      for (let ms = gapMs; ms > 0; ms -= MAX_SILENCE_MS) {
        append(encodeBase64(silenceOf(Math.min(ms, MAX_SILENCE_MS), this.#layout)));
      }
    });
    this.#cancelTick = clock.schedule(() => this.#tick(), KEEPER_MS);
  }
}

/**
 * Checks that audio can be converted to the format of a session, and sent as the settings say.
 *
 * @throws {TypeError} when a conversion is requested and there is no converter.
 * @throws {RangeError} when an option is out of range.
 */
export function assertLiveInput(format: LiveEffectiveAudioFormat | undefined, settings: AudioInputSettings): void {
  const nowhere = { append: () => {}, bufferedAmount: () => 0, closed: new Promise<never>(() => {}) };
  new LiveInput({ ...nowhere, settings, format, keeper: false, clock: systemClock });
}
