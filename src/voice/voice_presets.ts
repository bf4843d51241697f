// This module is browser compatible.
import type { ConnectVoiceOptions } from "./connect_voice.ts";

/**
 * How the user hears the model, which determines the amount of echo.
 *
 * @category Voice
 */
export type VoicePresetName = "speaker" | "headset" | "phone";

/**
 * Initial options for `connectVoice`: `{ ...VOICE_PRESETS.phone, apiKey }`.
 *
 * - `speaker`: an open loudspeaker without echo cancellation; half-duplex, so the model does not interrupt itself.
 * - `headset`: a microphone near the mouth, practically without echo.
 * - `phone`: G.711 µ-law both ways in frames of 20 ms; sets `session`.
 *
 * @category Voice
 */
export const VOICE_PRESETS: Readonly<Record<VoicePresetName, Readonly<ConnectVoiceOptions>>> = {
  speaker: { noiseReduction: { type: "far_field" }, halfDuplex: true },
  headset: { noiseReduction: { type: "near_field" } },
  phone: {
    chunkMs: 20,
    session: { audio: { input: { format: { type: "audio/pcmu" } }, output: { format: { type: "audio/pcmu" } } } },
  },
};
