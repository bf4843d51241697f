// The browser's own types fit where the library takes them. This file is checked, not run.
import type {
  AudioContextLike,
  AudioElementLike,
  MediaDevicesLike,
  MediaStreamLike,
  MediaStreamTrackLike,
  OpenMicrophoneOptions,
  PeerConnectionLike,
  WebRtcOptions,
} from "@oai-rt/edge/browser";

declare const context: AudioContext;
declare const stream: MediaStream;
declare const peer: RTCPeerConnection;

/** Values passed in by a page. */
export const fits: [
  AudioContextLike,
  AudioElementLike,
  MediaDevicesLike,
  MediaStreamLike,
  MediaStreamTrackLike,
  PeerConnectionLike,
  OpenMicrophoneOptions,
  Pick<WebRtcOptions, "microphone" | "output" | "createPeer" | "audioContext">,
] = [
  context,
  new Audio(),
  navigator.mediaDevices,
  stream,
  stream.getAudioTracks()[0]!,
  peer,
  { source: stream, audioContext: context },
  { microphone: stream, output: new Audio(), createPeer: () => peer, audioContext: context },
];
