// This module is browser compatible.

/**
 * Handler of an event of the platform. Its parameter is `never`, so that the platform's own types fit: each of their
 * handlers takes another event.
 *
 * @category Browser
 */
export type Handler = ((event: never) => void) | null;

/** An `RTCTrackEvent`, as far as it is read. */
export interface TrackEventLike {
  /** The track of the other side. */
  readonly track: MediaStreamTrackLike;
  /** The streams that it belongs to. */
  readonly streams: readonly MediaStreamLike[];
}

/**
 * The members of a `MediaStreamTrack` that are used.
 *
 * @category Browser
 */
export interface MediaStreamTrackLike {
  /** `audio` for what is used here. */
  readonly kind: string;
  /** Name of the device, once the user has allowed it. */
  readonly label: string;
  /** Whether sound passes; a track that is not enabled carries silence. */
  enabled: boolean;
  /** `ended` once it was stopped or its device is gone. */
  readonly readyState: string;
  /** Lets go of the device. */
  stop(): void;
  /** What the device delivers. */
  getSettings(): object;
  /** Adds a listener of `ended`. */
  addEventListener(type: "ended", listener: () => void): void;
  /** Removes a listener of `ended`. */
  removeEventListener(type: "ended", listener: () => void): void;
}

/**
 * The members of a `MediaStream` that are used.
 *
 * @category Browser
 */
export interface MediaStreamLike {
  /** Its tracks of audio. */
  getAudioTracks(): MediaStreamTrackLike[];
}

/**
 * The members of an `RTCRtpSender` that are used.
 *
 * @category Browser
 */
export interface RtpSenderLike {
  /** Sends another track from now on, without negotiating anew. */
  replaceTrack(track: MediaStreamTrackLike | null): Promise<void>;
}

/**
 * The members of an `RTCDataChannel` that are used.
 *
 * @category Browser
 */
export interface DataChannelLike {
  /** `connecting`, `open`, `closing` or `closed`. */
  readonly readyState: string;
  /** Bytes that wait to leave. */
  readonly bufferedAmount: number;
  /** Sends a message. */
  send(message: string): void;
  /** Ends the channel. */
  close(): void;
  /** Is called with each message. */
  onmessage: Handler;
  /** Is called once it is open. */
  onopen: Handler;
  /** Is called once it is closed. */
  onclose: Handler;
}

/**
 * One report of `getStats()`.
 *
 * @category Browser
 */
export type StatsLike = Readonly<Record<string, unknown>>;

/**
 * The members of an `RTCPeerConnection` that are used, so that React Native's and a test's will do.
 *
 * @category Browser
 */
export interface PeerConnectionLike {
  /** State of the connection as a whole. */
  readonly connectionState: string;
  /** The offer, once it is set. */
  readonly localDescription: { readonly sdp: string } | null;
  /** The transport that states the maximum message size. */
  readonly sctp: { readonly maxMessageSize: number } | null;
  /** Is called when `connectionState` has changed. */
  onconnectionstatechange: Handler;
  /** Is called with the track of the other side. */
  ontrack: Handler;
  /** Adds a section of audio; the options have a `direction` and, perhaps, `streams`. */
  addTransceiver(
    track: MediaStreamTrackLike | string,
    options: object,
  ): { readonly sender: RtpSenderLike };
  /** Adds the data channel. */
  createDataChannel(label: string): DataChannelLike;
  /** Makes an offer, and sets it. */
  setLocalDescription(): Promise<void>;
  /** Sets the answer. */
  setRemoteDescription(answer: { type: "answer"; sdp: string }): Promise<void>;
  /** Measures. */
  getStats(): Promise<{ forEach(callback: (report: StatsLike) => void): void }>;
  /** Ends the connection. */
  close(): void;
}

/**
 * The members of an `HTMLAudioElement` that are used.
 *
 * @category Browser
 */
export interface AudioElementLike {
  /** What it plays. */
  srcObject: unknown;
  /** Whether it makes no sound. */
  muted: boolean;
  /** Begins to play. */
  play(): Promise<void>;
  /** Stops playing. */
  pause(): void;
}

/**
 * The members of `navigator.mediaDevices` that are used.
 *
 * @category Browser
 */
export interface MediaDevicesLike {
  /** Asks for a microphone. */
  getUserMedia(constraints: { audio: object }): Promise<MediaStreamLike>;
  /** Adds a listener of devices that come and go. */
  addEventListener(type: "devicechange", listener: () => void): void;
  /** Removes a listener of devices that come and go. */
  removeEventListener(type: "devicechange", listener: () => void): void;
}
