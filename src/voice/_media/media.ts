// This module is browser compatible.
import type { Clock } from "../../_internal/clock.ts";
import type { WireEvent } from "../../_internal/wire.ts";
import type { AudioChunk } from "../audio_chunk.ts";
import type { PlayoutPlace, PlayoutRecord } from "./playout_record.ts";
import type { PlayoutRecords } from "./playout_records.ts";

/** How a session's audio is heard and taken: by us, as samples, or by somebody else, as a track. */
export interface VoiceMedia {
  /** Whether the microphone is off, since the user has muted it or the model is heard in half duplex. */
  readonly isSilent: boolean;
  /** Takes a piece of the model's audio that should be heard. */
  play(chunk: AudioChunk, place: PlayoutPlace): void;
  /** Takes in one server event, after everything else has. */
  receive(event: WireEvent): void;
  /** Brings the records up to date with the clock. */
  sync(): void;
  /** Stops what is heard, and returns what was cut by that; somebody else says later what was. */
  stop(): readonly PlayoutRecord[];
  /** Switches the microphone off or on. */
  mute(isMuted: boolean): void;
  /** The connection has ended, and with it what somebody else plays; another one follows. */
  drop(): void;
  /** The session has ended: nothing follows. */
  end(): void;
}

/** Options that all media have. */
export interface MediaOptions {
  /** Source of time. */
  clock: Clock;
  /** Where progress is noted. */
  records: PlayoutRecords;
  /** Whether the microphone is off while the model is heard. */
  halfDuplex: boolean;
  /** How long it stays off afterwards, in milliseconds. */
  echoTailMs: number;
}

/** How long the microphone must stay off from now on in half duplex, in milliseconds; 0 or less when it may be on. */
export function echoMs({ clock, echoTailMs, halfDuplex, records }: MediaOptions): number {
  return halfDuplex ? records.endsAt + echoTailMs - clock.now() : 0;
}
