// This module is browser compatible.
import { pageAudio } from "../_audio/page_audio.ts";
import type { AudioElementLike, MediaStreamLike, PeerConnectionLike } from "../peer_connection.ts";

/** The page's constructors. */
interface Page {
  readonly RTCPeerConnection?: new () => PeerConnectionLike;
  readonly Audio?: new () => AudioElementLike;
}

/**
 * Makes a peer connection of the page.
 *
 * @throws {TypeError} when there are none here.
 */
export function createPagePeer(): PeerConnectionLike {
  const { RTCPeerConnection } = globalThis as unknown as Page;
  if (RTCPeerConnection) return new RTCPeerConnection();
  throw new TypeError("Cannot call as this runtime has no RTCPeerConnection: pass createPeer");
}

/** Makes an audio element, where there are any. */
export function createPageElement(): AudioElementLike | undefined {
  const { Audio } = globalThis as unknown as Page;
  return Audio && new Audio();
}

/** Makes a stream of a track. */
export function toStream(track: unknown): MediaStreamLike {
  const { MediaStream } = pageAudio;
  if (MediaStream) return new MediaStream([track]);
  throw new TypeError("Cannot play a track as this runtime has no MediaStream");
}
