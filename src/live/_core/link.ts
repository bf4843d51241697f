// This module is browser compatible.
import type { LiveConnection } from "../../protocol/mod.ts";
import type { Clock } from "../../_internal/clock.ts";
import type { LiveMedia } from "../live_media.ts";

/** How a session is reached: through one of the API's sockets, or through a data channel with separate media. */
export type LiveLink = LiveConnection | "channel";

/** Detects when the model is heard. */
export interface SpeechDetector {
  /** Whether the model is currently heard. */
  readonly isSpeaking: boolean;
  /** Stops listening. */
  end(): void;
}

/** Called when the model starts or stops being heard, with the position in milliseconds. */
export type OnSpeech = (isSpeaking: boolean, atMs: number) => void;

/** The media alongside a data channel. */
export interface ChannelMedia {
  readonly channel: LiveMedia;
  /** Starts detecting the model's speech, if requested. */
  readonly detect: (
    clock: Clock,
    onSpeech: OnSpeech,
    onError: (error: unknown) => void,
  ) => SpeechDetector | undefined;
}

/** Whether the session was started by another client. */
export function isJoined(link: LiveLink): boolean {
  return link === "sideband" || link === "channel";
}
