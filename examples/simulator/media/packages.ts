/**
 * The members of node-datachannel and libopus-wasm that the media peer uses. Both are installed by the `deno.json` of
 * this folder only: neither the library nor its other examples depend on them, so they are imported by a name that the
 * other configurations need not know.
 *
 * @module
 */

/** A data channel of node-datachannel. */
export interface NativeChannel {
  getLabel(): string;
  close(): void;
  isOpen(): boolean;
  maxMessageSize(): number;
  /** @throws {Error} when the message exceeds the limit of the other side. */
  sendMessage(message: string): boolean;
  onOpen(listener: () => void): void;
  onClosed(listener: () => void): void;
  onError(listener: (message: string) => void): void;
  onMessage(listener: (message: string | Uint8Array | ArrayBuffer) => void): void;
}

/** A track of node-datachannel: RTP and RTCP packets, as bytes. */
export interface NativeTrack {
  isOpen(): boolean;
  /** @throws {Error} when the track is closed. */
  sendMessageBinary(packet: Uint8Array): boolean;
  onMessage(listener: (packet: Uint8Array) => void): void;
}

/** Direction of a media section. */
export type NativeDirection = "SendOnly" | "RecvOnly" | "SendRecv" | "Inactive";

/** An audio section of an SDP. */
export interface NativeAudio {
  addOpusCodec(payloadType: number): unknown;
  addSSRC(ssrc: number, name?: string, streamId?: string, trackId?: string): void;
}

/** A peer connection of node-datachannel. */
export interface NativePeer {
  close(): void;
  addTrack(media: NativeAudio): NativeTrack;
  createDataChannel(label: string): NativeChannel;
  setLocalDescription(type?: "offer" | "answer"): void;
  setRemoteDescription(sdp: string, type: "offer" | "answer"): void;
  localDescription(): { readonly sdp: string } | null;
  gatheringState(): string;
  onGatheringStateChange(listener: (state: string) => void): void;
  onStateChange(listener: (state: string) => void): void;
  onDataChannel(listener: (channel: NativeChannel) => void): void;
}

/** The package node-datachannel. */
export interface NodeDataChannel {
  readonly PeerConnection: new (
    name: string,
    options: { iceServers: string[]; bindAddress: string; disableAutoNegotiation: boolean },
  ) => NativePeer;
  readonly Audio: new (mid: string, direction: NativeDirection) => NativeAudio;
}

/** An Opus encoder of libopus-wasm. */
export interface NativeEncoder {
  encode(samples: Int16Array): Uint8Array;
  free(): void;
}

/** An Opus decoder of libopus-wasm. */
export interface NativeDecoder {
  decode(packet: Uint8Array): Int16Array;
  decodePacketLoss(frameSize: number): Int16Array;
  free(): void;
}

/** The package libopus-wasm. */
export interface LibOpus {
  createEncoder(
    options: { channels: 1; sampleRate: 24_000; frameSize: number; bitrate: number },
  ): Promise<NativeEncoder>;
  createDecoder(options: { channels: 1; sampleRate: 24_000 }): Promise<NativeDecoder>;
}

/** Whether the program runs with the configuration that installs the packages. */
export function hasMediaPackages(): boolean {
  try {
    import.meta.resolve(NAMES.peer);
    return true;
  } catch (error) {
    if (error instanceof TypeError) return false;
    throw error;
  }
}

/** Loads both packages. */
export async function loadMediaPackages(): Promise<{ readonly peers: NodeDataChannel; readonly opus: LibOpus }> {
  const [peers, opus] = await Promise.all([import(NAMES.peer), import(NAMES.opus)]);
  return { peers, opus };
}

/** Not literals, as a literal import is resolved by every program that checks this file. */
const NAMES: Readonly<Record<"peer" | "opus", string>> = { peer: "node-datachannel", opus: "libopus-wasm" };
