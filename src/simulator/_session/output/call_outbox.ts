// This module is browser compatible.
import type { ServerProfile } from "../../server_profile.ts";
import type { Clock } from "../../../_internal/clock.ts";
import type { IdGenerator } from "../../../_internal/ids.ts";
import type { AudioPiece } from "./audio_piece.ts";
import type { Conversation } from "../conversation/conversation.ts";
import type { ContentPlace } from "../conversation/message_item.ts";
import { Outbox, type Outgoing, type SendFrame } from "../outbox.ts";
import { Playback } from "./playback.ts";

/** Dependencies of {@linkcode CallOutbox}. */
export interface CallOutboxOptions {
  /** Source of time. */
  readonly clock: Clock;
  /** How the server behaves. */
  readonly profile: ServerProfile;
  /** Unix time in milliseconds. */
  readonly unixTime: () => number;
  /** The conversation of the call. */
  readonly conversation: Conversation;
  /** Called with the audio that the caller hears. */
  readonly play: (samples: Int16Array) => void;
}

/** The outbox of a call: the model's speech is played to the caller, and not sent in events. */
export class CallOutbox extends Outbox {
  /** Audio that the caller has not heard yet. */
  readonly playback: Playback;

  constructor(ids: IdGenerator, send: SendFrame, options: CallOutboxOptions) {
    super(ids, send, options.profile, options.unixTime);
    this.playback = new Playback({ ...options, emit: (event) => super.emit(event) });
  }

  override emit(event: Outgoing): void {
    super.emit(event);
    if (event.type === "response.done") this.playback.finish(event.response.id ?? "");
  }

  override emitAudio({ item_id, response_id }: ContentPlace, { samples }: AudioPiece): void {
    this.playback.add(response_id, item_id, samples);
  }
}
