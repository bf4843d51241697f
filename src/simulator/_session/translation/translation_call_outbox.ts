// This module is browser compatible.
import type { IdGenerator } from "../../../_internal/ids.ts";
import { decodeBase64, toInt16 } from "../../../audio/mod.ts";
import type { CallOutboxOptions } from "../output/call_outbox.ts";
import { Outbox, type Outgoing, type SendFrame } from "../outbox.ts";
import { Playback } from "../output/playback.ts";

/** The outbox of a translation call: the translation is played to the caller, without events. */
export class TranslationCallOutbox extends Outbox {
  /** Audio that the caller has not heard yet. */
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
