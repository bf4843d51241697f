// This module is browser compatible.
import type { IdGenerator } from "../../../_internal/ids.ts";
import { decodeBase64, toInt16 } from "../../../audio/mod.ts";
import type { CallOutboxOptions } from "../output/call_outbox.ts";
import { Outbox, type Outgoing, type SendFrame } from "../outbox.ts";
import { Playback } from "../output/playback.ts";

/** The outbox of a call that is translated: the translation goes to the caller's ear, and no event tells of it. */
export class TranslationCallOutbox extends Outbox {
  /** What the caller has not heard yet. */
  readonly playback: Playback;

  constructor(ids: IdGenerator, send: SendFrame, options: CallOutboxOptions) {
    super(ids, send, options.profile);
    this.playback = new Playback({ ...options, emit() {} });
  }

  override emit(event: Outgoing): void {
    if (event.type === "session.output_audio.delta") this.playback.add("", "", toInt16(decodeBase64(event.delta)));
    else super.emit(event);
  }
}
