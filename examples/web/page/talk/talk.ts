import type { Session, VoiceSession } from "@oai-rt/edge";
import type { CallStats } from "@oai-rt/edge/browser";

/** How the page is connected. */
export type TalkKind = "webrtc" | "call" | "websocket" | "relay";

/** Events of a talk in addition to those of its session. */
export interface TalkListener {
  /** The model is heard, or no longer. */
  heard(isHeard: boolean): void;
  /** The connection is interrupted, or back. */
  interrupted(isInterrupted: boolean): void;
  /** The browser lets the page make no sound until the user has clicked. */
  blocked(): void;
  /** The microphone is gone. */
  microphoneLost(error: Error): void;
}

/** The user's choices. */
export interface TalkChoices {
  readonly kind: TalkKind;
  readonly mode: "hands-free" | "push-to-talk";
  readonly voice: string;
  readonly microphoneId: string;
  readonly speakerId: string;
  readonly volume: number;
  /** Logs a line for each event, in both directions. */
  readonly log: (line: string) => void;
  /** The microphone is there: the call is being made. */
  readonly onMicrophone: () => void;
  readonly signal: AbortSignal;
}

/** One conversation, however it is connected. */
export interface Talk {
  /** The controlling side. */
  readonly controller: "page" | "server";
  readonly session: Session;
  readonly voice: VoiceSession | undefined;
  /** Levels from 0 to 1. */
  readonly inputLevel: number;
  readonly outputLevel: number;
  /** Whether the browser blocks the sound until the user has clicked. */
  readonly isBlocked: boolean;
  /** Turns the sound on, during a click. */
  unblock(): Promise<void>;
  mute(isMuted: boolean): void;
  setMicrophone(deviceId: string): Promise<void>;
  setSpeaker(deviceId: string): Promise<void>;
  setVolume(volume: number): void;
  interrupt(): Promise<void>;
  /** Begins or ends a turn of push-to-talk. */
  press(): void | Promise<void>;
  release(): Promise<void>;
  /** Statistics of a WebRTC connection. */
  stats?(): Promise<CallStats>;
  close(): Promise<void>;
  readonly closed: Promise<{ readonly code: number; readonly reason: string }>;
}

/** A logger of a session that shows its lines. */
export function toLogger(log: (line: string) => void) {
  return { debug: log, info: log, warn: log, error: log };
}
