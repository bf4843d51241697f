// This module is browser compatible.
import type { Clock } from "../../_internal/clock.ts";
import type { WireEvent } from "../../_internal/wire.ts";
import type { AudioChunk } from "../audio_chunk.ts";
import type { PlayoutPlace, PlayoutRecord } from "./playout_record.ts";
import type { PlayoutRecords } from "./playout_records.ts";

/** How a session's audio is sent and played: as samples by this library, or as tracks by another party. */
export interface VoiceMedia {
  /** Whether the user has muted the microphone. */
  readonly isMuted: boolean;
  /** Whether the microphone is off: the user has muted it, or the model is heard in half duplex. */
  readonly isSilent: boolean;
  /** Adds a piece of the model's audio that should be heard. */
  play(chunk: AudioChunk, place: PlayoutPlace): void;
  /** Processes a server event, after all other handlers. */
  receive(event: WireEvent): void;
  /** Updates the records to the current time. */
  sync(): void;
  /** Stops playback, and returns the items that were cut; another player reports later what was heard. */
  stop(): readonly PlayoutRecord[];
  /** Switches the microphone off or on. */
  mute(isMuted: boolean): void;
  /** The connection has ended, and with it the playback of another party; a new connection follows. */
  drop(): void;
  /** The session has ended: no events follow. */
  end(): void;
}

/** Options of all media. */
export interface MediaOptions {
  /** Source of time. */
  clock: Clock;
  /** Records of the progress. */
  records: PlayoutRecords;
  /** Whether the microphone is off while the model is heard. */
  halfDuplex: boolean;
  /** Time that it stays off afterwards, in milliseconds. */
  echoTailMs: number;
}

/** Time that the microphone must stay off from now on in half duplex, in milliseconds; 0 or less when it may be on. */
export function echoMs({ clock, echoTailMs, halfDuplex, records }: MediaOptions): number {
  return halfDuplex ? records.endsAt + echoTailMs - clock.now() : 0;
}
