// This module is browser compatible.
import { ConnectionError } from "../errors.ts";
import type { SendOptions } from "../transport/transport.ts";

/** How much of the user's audio waits, in characters of base64: 30 seconds of PCM. The oldest is dropped for more. */
const MAX_AUDIO = 30 * 48_000 * 4 / 3;

/** How many other events wait. */
const MAX_EVENTS = 4096;

/** Events that wait for a line, in order. */
export class HeldEvents<Out extends { readonly type: string }> {
  /** What waits, oldest first. */
  readonly events: [event: Out, options: SendOptions | undefined][] = [];
  /** Resolves when they are sent. */
  readonly released: PromiseWithResolvers<void> = Promise.withResolvers();
  /** Characters of audio that wait. */
  audioBytes = 0;
  /** Characters of audio that were dropped. */
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
        // It was checked when it came: the line has ended again, which everything that waits learns then.
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
