// This module is browser compatible.

/**
 * Handler of an event of the platform. Its parameter is `never`, so that the platform's own types fit: each of their
 * handlers takes another event.
 *
 * @category Browser
 */
export type Handler = ((event: never) => void) | null;

/** The members of an `RTCTrackEvent` that are used. */
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
  /** Always `audio` here. */
  readonly kind: string;
  /** Name of the device, once the user has allowed it. */
  readonly label: string;
  /** Whether the track passes sound; a disabled track carries silence. */
  enabled: boolean;
  /** `ended` once it was stopped or its device is gone. */
  readonly readyState: string;
  /** Releases the device. */
  stop(): void;
  /** Returns the settings of the device. */
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
  /** Returns its audio tracks. */
  getAudioTracks(): MediaStreamTrackLike[];
}

/**
 * The members of an `RTCRtpSender` that are used.
 *
 * @category Browser
 */
export interface RtpSenderLike {
  /** Sends another track from now on, without renegotiation. */
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
  /** Called with each message. */
  onmessage: Handler;
  /** Called once it is open. */
  onopen: Handler;
  /** Called once it is closed. */
  onclose: Handler;
}

/**
 * One report of `getStats()`.
 *
 * @category Browser
 */
export type StatsLike = Readonly<Record<string, unknown>>;

/**
 * The members of an `RTCPeerConnection` that are used, so that those of React Native and of tests fit.
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
  /** Called when `connectionState` has changed. */
  onconnectionstatechange: Handler;
  /** Called with the track of the other side. */
  ontrack: Handler;
  /** Adds an audio section; the options have a `direction` and optionally `streams`. */
  addTransceiver(
    track: MediaStreamTrackLike | string,
    options: object,
  ): { readonly sender: RtpSenderLike };
  /** Adds the data channel. */
  createDataChannel(label: string): DataChannelLike;
  /** Creates an offer, and sets it. */
  setLocalDescription(): Promise<void>;
  /** Sets the answer. */
  setRemoteDescription(answer: { type: "answer"; sdp: string }): Promise<void>;
  /** Returns the statistics. */
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
  /** The stream that it plays. */
  srcObject: unknown;
  /** Whether it is muted. */
  muted: boolean;
  /** Starts playing. */
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
  /** Adds a listener of connected and disconnected devices. */
  addEventListener(type: "devicechange", listener: () => void): void;
  /** Removes a listener of connected and disconnected devices. */
  removeEventListener(type: "devicechange", listener: () => void): void;
}
