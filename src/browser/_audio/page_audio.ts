// This module is browser compatible.
import type { AudioContextLike, WorkletNodeLike } from "../audio_context.ts";
import type { MediaStreamLike } from "../peer_connection.ts";

/** The constructors of a page's audio. */
interface PageAudio {
  readonly AudioContext?: new (options: { sampleRate: number | undefined }) => AudioContextLike;
  readonly AudioWorkletNode?: new (context: AudioContextLike, name: string, options?: object) => WorkletNodeLike;
  readonly MediaStream?: new (tracks: readonly unknown[]) => MediaStreamLike;
}

/** The constructors of this page. */
export const pageAudio: PageAudio = globalThis as unknown as PageAudio;

/**
 * A constructor of this page.
 *
 * @throws {TypeError} when this runtime has none.
 */
export function classOfPage<Name extends keyof PageAudio>(name: Name): NonNullable<PageAudio[Name]> {
  const found = pageAudio[name];
  if (found) return found;
  throw new TypeError(`Cannot play or record as this runtime has no ${name}`);
}

/**
 * Creates a stream from a track.
 *
 * @throws {TypeError} when this runtime has none.
 */
export function toStream(track: unknown): MediaStreamLike {
  return new (classOfPage("MediaStream"))([track]);
}

/**
 * Checks an audio context of the caller: a closed one can neither play nor record.
 *
 * @throws {TypeError} when it is closed.
 */
export function assertNotClosed(context: AudioContextLike | undefined): void {
  if (context?.state === "closed") throw new TypeError("Cannot use audioContext as it is closed");
}

/**
 * Creates an audio context of the page.
 *
 * @throws {TypeError} when this runtime has none.
 */
export function openAudioContext(sampleRate?: number): AudioContextLike {
  return new (classOfPage("AudioContext"))({ sampleRate });
}
