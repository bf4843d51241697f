// This module is browser compatible.
import type { AudioElementLike, PeerConnectionLike } from "../peer_connection.ts";

/** The page's constructors. */
interface Page {
  readonly RTCPeerConnection?: new () => PeerConnectionLike;
  readonly Audio?: new () => AudioElementLike;
}

/**
 * Creates a peer connection of the page.
 *
 * @throws {TypeError} when this runtime has none.
 */
export function createPagePeer(): PeerConnectionLike {
  const { RTCPeerConnection } = globalThis as unknown as Page;
  if (RTCPeerConnection) return new RTCPeerConnection();
  throw new TypeError("Cannot call as this runtime has no RTCPeerConnection: pass createPeer");
}

/** Creates an audio element, if the runtime has any. */
export function createPageElement(): AudioElementLike | undefined {
  const { Audio } = globalThis as unknown as Page;
  return Audio && new Audio();
}
