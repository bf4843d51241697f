// This module is browser compatible.
import type { Item } from "../../../protocol/mod.ts";
import type { AudioPiece } from "./audio_piece.ts";
import type { ConversationEntry } from "../conversation/conversation.ts";
import type { ContentPlace } from "../conversation/message_item.ts";
import type { Outgoing } from "../outbox.ts";
import type { TokenCount } from "../usage.ts";

/** The response as its tracks need it. */
export interface TrackHost {
  /** Identifier of the response. */
  readonly responseId: string;
  /** Sends an event. */
  emit(event: Outgoing): void;
  /** Sends audio of the model. */
  emitAudio(place: ContentPlace, piece: AudioPiece): void;
  /** Announces an item of the response, and adds it to the conversation. */
  begin(outputIndex: number, item: Item): ConversationEntry;
  /** Announces that an item is final. */
  finish(outputIndex: number, entry: ConversationEntry): void;
  /** Converts milliseconds of heard audio to those that the model takes. */
  wait(ms: number): number;
  /** Whether the response may have that many tokens in the track, together with those of its other tracks. */
  allows(track: OutputTrack, tokens: TokenCount): boolean;
}

/** One output item of a response, as it is streamed: opened once, streamed, closed once. */
export interface OutputTrack {
  /** Tokens streamed so far. */
  readonly tokens: TokenCount;
  /** Whether it is spoken. */
  readonly speaks: boolean;
  /** Whether any of its audio has been sent. */
  readonly isHeard: boolean;
  /** Whether the item stays open while the next one is streamed. */
  readonly overlapsNext: boolean;
  /** Announces the item. */
  open(): void;
  /**
   * Streams the item: yields after each delta the milliseconds that go by.
   *
   * @returns whether all was streamed; not when the tokens ran out.
   */
  stream(): Generator<number, boolean>;
  /** Ends the item with the streamed part, and returns whether it was complete. */
  close(status: "completed" | "incomplete"): void;
}
