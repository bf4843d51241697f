// This module is browser compatible.
import { checkRequiredOptions, type OptionNames } from "../_internal/check_options.ts";
import { aClock, aString } from "../_internal/option_kinds.ts";
import { type Clock, systemClock } from "../_internal/clock.ts";
import { createWorkletNode, loadWorklet } from "./_load_worklet.ts";
import { PLAYER, SESSION_RATE } from "./_worklets/messages.ts";
import { openAudioContext } from "./_audio/page_audio.ts";
import type { AudioContextLike } from "./audio_context.ts";
import { createSpeaker, type Speaker } from "./speaker.ts";

/**
 * Options of {@linkcode openSpeaker}.
 *
 * @category Browser
 */
export interface OpenSpeakerOptions {
  /**
   * Id of the device, from `enumerateDevices()`.
   *
   * @default {the user's default device}
   */
  deviceId?: string | undefined;
  /**
   * Volume, 0 to 1.
   *
   * @default {1}
   */
  volume?: number | undefined;
  /**
   * Context that plays. A context that is passed in is not closed, and must have a rate of 24,000 Hz.
   *
   * @default {a new AudioContext}
   */
  audioContext?: AudioContextLike | undefined;
  /**
   * Address of `worklet.js`, for pages whose Content-Security-Policy allows neither `blob:` nor a bundler's output.
   *
   * @default {code inside this module, else the file beside it}
   */
  workletUrl?: string | URL | undefined;
  /** Source of time. @default {systemClock} */
  clock?: Clock | undefined;
}

/** The names of the {@linkcode OpenSpeakerOptions}. */
const OPTIONS: OptionNames<OpenSpeakerOptions> = {
  deviceId: aString,
  volume: 1,
  audioContext: 1,
  workletUrl: 1,
  clock: aClock,
};

/**
 * Opens a loudspeaker for a voice session over a WebSocket: `voice.pipe({ to: speaker })` or, for a report of the heard
 * audio to the millisecond, `speaker.play(voice)` with `playbackSource: "reported"`. Call it after a click of the user:
 * until then {@linkcode Speaker.isBlocked} may be true.
 *
 * @category Browser
 *
 * @throws {TypeError} when an option is unknown, `audioContext` is closed, or the audio worklet cannot be loaded.
 * @throws {RangeError} when `volume` is not from 0 to 1, or the context has another rate.
 * @throws {DOMException} `NotFoundError` when there is no such device.
 */
export async function openSpeaker(options: OpenSpeakerOptions = {}): Promise<Speaker> {
  checkRequiredOptions("open the loudspeaker", options, OPTIONS);
  const { audioContext, clock = systemClock, deviceId, volume = 1, workletUrl } = options;
  const context = audioContext ?? openAudioContext(SESSION_RATE);
  let close = (): void => void (audioContext || context.close());
  try {
    if (context.sampleRate !== SESSION_RATE) {
      throw new RangeError(
        `Cannot open the loudspeaker as the rate of audioContext must be ${SESSION_RATE}: current value is ${context.sampleRate}`,
      );
    }
    await loadWorklet(context, workletUrl);
    const node = createWorkletNode(context, PLAYER, { numberOfInputs: 0, outputChannelCount: [1] });
    const speaker = createSpeaker({ context, node, clock, close });
    close = speaker.stop;
    speaker.volume = volume;
    if (deviceId) await speaker.switchTo(deviceId);
    // It settles once the page may play sound, which may be never; see `isBlocked`.
    context.resume().catch((error) => console.error(error));
    return speaker;
  } catch (error) {
    close();
    throw error;
  }
}
