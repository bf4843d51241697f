// This module is browser compatible.
import { ConnectionError } from "../errors.ts";
import type { SendOptions } from "../transport/transport.ts";

/**
 * Limit of the user's audio that waits, in characters of base64: 30 seconds of PCM. Beyond it, the oldest audio is
 * dropped.
 */
const MAX_AUDIO = 30 * 48_000 * 4 / 3;

/** Maximum number of other waiting events. */
const MAX_EVENTS = 4096;

/** Events that wait for a connection, in order. */
export class HeldEvents<Out extends { readonly type: string }> {
  /** The waiting events, oldest first. */
  readonly events: [event: Out, options: SendOptions | undefined][] = [];
  /** Resolves when they are sent. */
  readonly released: PromiseWithResolvers<void> = Promise.withResolvers();
  /** Characters of waiting audio. */
  audioBytes = 0;
  /** Characters of dropped audio. */
  droppedAudio = 0;

  /**
   * Adds an event.
   *
   * @throws {DOMException} `QuotaExceededError` when 4,096 events wait.
   */
  add(event: Out, options?: SendOptions): void {
    const length = audioLength(event);
    if (length === 0 && this.events.length >= MAX_EVENTS) {
      throw new DOMException(`Cannot send ${event.type} as ${MAX_EVENTS} events wait for a line`, "QuotaExceededError");
    }
    this.events.push([event, options]);
    this.audioBytes += length;
    while (this.audioBytes > MAX_AUDIO) this.#dropAudio();
  }

  /** Sends everything; returns the length of the audio that was dropped, in characters of base64. */
  release(send: (event: Out, options: SendOptions | undefined) => void): number {
    for (const [event, options] of this.events) {
      try {
        send(event, options);
      } catch (error) {
        // The event was checked when it was added, so the connection has ended again; everything that waits is notified
        // of that.
        if (!(error instanceof ConnectionError)) throw error;
      }
    }
    this.released.resolve();
    return this.droppedAudio;
  }

  #dropAudio(): void {
    const index = this.events.findIndex(([event]) => audioLength(event) > 0);
    const [[event]] = this.events.splice(index, 1) as [[Out, unknown]];
    this.audioBytes -= audioLength(event);
    this.droppedAudio += audioLength(event);
  }
}

function audioLength(event: { readonly type: string; readonly audio?: unknown }): number {
  return event.type.endsWith("input_audio_buffer.append") ? (event.audio as string).length : 0;
}
