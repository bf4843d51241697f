// This module is browser compatible.
import type { AudioContextLike, WorkletNodeLike } from "../audio_context.ts";
import type { MediaStreamLike } from "../peer_connection.ts";

/** The constructors of a page's audio. */
interface PageAudio {
  readonly AudioContext?: new (options?: { sampleRate?: number; latencyHint?: string }) => AudioContextLike;
  readonly AudioWorkletNode?: new (context: AudioContextLike, name: string, options?: object) => WorkletNodeLike;
  readonly MediaStream?: new (tracks: readonly unknown[]) => MediaStreamLike;
}

/** The constructors of this page. */
export const pageAudio: PageAudio = globalThis as unknown as PageAudio;

/**
 * Creates a stream from a track.
 *
 * @throws {TypeError} when this runtime has none.
 */
export function toStream(track: unknown): MediaStreamLike {
  const { MediaStream } = pageAudio;
  if (MediaStream) return new MediaStream([track]);
  throw new TypeError("Cannot play a track as this runtime has no MediaStream");
}

/**
 * Checks an audio context of the caller: a closed one can neither play nor record.
 *
 * @throws {TypeError} when it is closed.
 */
export function assertNotClosed(context: AudioContextLike | undefined, action: string): void {
  if (context?.state !== "closed") return;
  throw new TypeError(`Cannot ${action} as audioContext is closed`);
}

/**
 * Creates an audio context of the page.
 *
 * @throws {TypeError} when this runtime has none.
 */
export function openAudioContext(sampleRate?: number): AudioContextLike {
  const { AudioContext } = pageAudio;
  if (!AudioContext) {
    throw new TypeError("Cannot play or record as this runtime has no AudioContext: pass audioContext");
  }
  return new AudioContext({ latencyHint: "interactive", ...sampleRate && { sampleRate } });
}
