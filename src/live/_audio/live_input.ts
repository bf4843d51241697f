// This module is browser compatible.
import { AudioInput } from "../../_media/audio_input.ts";
import { msOfBytes, silenceOf, type WireLayout } from "../../_media/audio_layout.ts";
import { createInputEncoder } from "../../_media/input_encoder.ts";
import { type AudioInputSettings, withInputDefaults } from "../../_media/input_settings.ts";
import type { Clock } from "../../_internal/clock.ts";
import { encodeBase64, type PcmChunk } from "../../audio/mod.ts";
import type { CloseInfo } from "../../errors.ts";
import type { LiveAudioFormat } from "../../protocol/mod.ts";
import { InputKeeper, MAX_GAP_MS } from "./input_keeper.ts";
import { liveLayout } from "./live_layout.ts";

/** How often the keeper looks at the time, in milliseconds. */
const KEEPER_MS = 100;

/** Longest piece of silence that it sends, in milliseconds: after a sleep there is a minute of it, and relays count frames. */
const MAX_SILENCE_MS = 1_000;

/** What the input needs of its surroundings. */
export interface LiveInputOptions {
  /** How audio is converted and sent. */
  readonly settings: AudioInputSettings;
  /** Format of the session. */
  readonly format: LiveAudioFormat | undefined;
  /** Whether silence is sent when no audio comes. */
  readonly keeper: boolean;
  /** Sends audio, base64. */
  readonly append: (audio: string) => void;
  /** Bytes that were sent and have not left yet. */
  readonly bufferedAmount: () => number;
  /** Resolves when the connection has ended. */
  readonly closed: Promise<CloseInfo>;
  /** Source of time. */
  readonly clock: Clock;
}

/** The way of the user's audio to the server: whole pieces, and silence when none comes. */
export class LiveInput {
  /** Takes the audio. */
  readonly stream: WritableStream<PcmChunk>;
  /** What was sent, and how it kept time. */
  readonly keeper: InputKeeper;
  readonly #options: LiveInputOptions;
  readonly #layout: WireLayout;
  readonly #audio: AudioInput;
  readonly #quiet: string;
  #isMuted = false;
  #hasEnded = false;
  #cancelTick = (): void => {};

  constructor(options: LiveInputOptions) {
    const { bufferedAmount, clock, closed, format, settings } = options;
    const layout = liveLayout(format);
    this.#options = options;
    this.#layout = layout;
    this.keeper = new InputKeeper(clock.now());
    this.#quiet = encodeBase64(silenceOf(KEEPER_MS, layout));
    this.#audio = new AudioInput({
      layout,
      // The server finds no turns that silence would have to end.
      endOfTurnMs: undefined,
      get bufferedAmount() {
        return bufferedAmount();
      },
      closed,
      appendAudio: (audio) => this.#send(audio),
      commitAudio: () => Promise.resolve(),
    }, { ...withInputDefaults(settings), clock, isMuted: () => this.#isMuted, onLag: () => {} });
    this.stream = this.#audio.stream;
    if (options.keeper) this.#tick();
  }

  /** Audio that was taken and has not left yet, in milliseconds. */
  get lagMs(): number {
    return this.#audio.lagMs;
  }

  /** Audio that was dropped, in milliseconds. */
  get droppedMs(): number {
    return this.#audio.droppedMs;
  }

  /** Whether silence is sent in place of the audio. */
  get isMuted(): boolean {
    return this.#isMuted;
  }

  /** Sends silence in place of the audio, or the audio again. */
  mute(isMuted: boolean): void {
    this.flush();
    this.#isMuted = isMuted;
  }

  /** Sends what does not fill a piece yet. */
  flush(): void {
    // Rejects when the connection has ended, which the stream tells as well.
    this.#audio.finish().catch(() => {});
  }

  /** Sends nothing any more. */
  end(): void {
    this.#hasEnded = true;
    this.#cancelTick();
  }

  #send(bytes: Uint8Array): void {
    if (this.#hasEnded) return;
    this.#options.append(encodeBase64(bytes));
    this.keeper.sent(msOfBytes(bytes.length, this.#layout), this.#options.clock.now());
  }

  #tick(): void {
    const { append, clock } = this.#options;
    // What waits for a full piece is older than the silence.
    if (this.keeper.isBehind(clock.now())) this.flush();
    // While the line is too slow for what there is, silence would only come before the user's audio.
    const gapMs = this.lagMs > MAX_GAP_MS ? 0 : this.keeper.fill(clock.now());
    for (let ms = gapMs; ms > 0; ms -= MAX_SILENCE_MS) {
      append(ms === KEEPER_MS ? this.#quiet : encodeBase64(silenceOf(Math.min(ms, MAX_SILENCE_MS), this.#layout)));
    }
    this.#cancelTick = clock.schedule(() => this.#tick(), KEEPER_MS);
  }
}

/**
 * Makes sure that audio can be converted to a format of a session.
 *
 * @throws {TypeError} when a conversion is asked for and there is nothing that converts.
 * @throws {RangeError} when an option is out of range.
 */
export function assertLiveInput(format: LiveAudioFormat | undefined, settings: AudioInputSettings): void {
  createInputEncoder(liveLayout(format), settings);
  const { chunkMs, maxLagMs } = withInputDefaults(settings);
  if (!(chunkMs >= 20 && chunkMs <= 200)) {
    throw new RangeError(`Cannot connect as chunkMs must be 20 to 200: current value is ${chunkMs}`);
  }
  if (!(maxLagMs >= chunkMs)) {
    throw new RangeError(`Cannot connect as maxLagMs must be >= chunkMs: current value is ${maxLagMs}`);
  }
}
