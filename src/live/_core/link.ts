// This module is browser compatible.
import type { LiveConnection } from "../../protocol/mod.ts";
import type { Clock } from "../../_internal/clock.ts";
import type { LiveMedia } from "../live_media.ts";

/** How a session is reached: by one of the API's sockets, or by a data channel with its media beside it. */
export type LiveLink = LiveConnection | "channel";

/** Finds out when the model is heard. */
export interface SpeechDetector {
  /** Whether it is. */
  readonly isSpeaking: boolean;
  /** Listens no more. */
  end(): void;
}

/** Called when the model begins or ends to be heard, with the position in milliseconds. */
export type OnSpeech = (isSpeaking: boolean, atMs: number) => void;

/** The media beside a data channel. */
export interface ChannelMedia {
  readonly channel: LiveMedia;
  /** Begins to listen to the model, where that is wanted. */
  readonly detect: (clock: Clock, onSpeech: OnSpeech) => SpeechDetector | undefined;
}

/** Whether the session was started by somebody else. */
export function isJoined(link: LiveLink): boolean {
  return link === "sideband" || link === "channel";
}
