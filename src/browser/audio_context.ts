// This module is browser compatible.
import type { MediaStreamLike } from "./peer_connection.ts";

/**
 * The members of an `AudioNode` that are used.
 *
 * @category Browser
 */
export interface AudioNodeLike {
  /** Connects its output to another node. */
  connect(destination: AudioNodeLike): unknown;
  /** Disconnects it from the graph. */
  disconnect(): void;
}

/**
 * The members of a `GainNode` that are used.
 *
 * @category Browser
 */
export interface GainNodeLike extends AudioNodeLike {
  /** The volume. */
  readonly gain: { value: number; setTargetAtTime(target: number, startTime: number, timeConstant: number): unknown };
}

/**
 * The members of an `AnalyserNode` that are used.
 *
 * @category Browser
 */
export interface AnalyserNodeLike extends AudioNodeLike {
  /** Number of samples in the window. */
  fftSize: number;
  /** Copies the most recent samples. */
  getFloatTimeDomainData(samples: Float32Array<ArrayBuffer>): void;
}

/**
 * The members of an `AudioWorkletNode` that are used.
 *
 * @category Browser
 */
export interface WorkletNodeLike extends AudioNodeLike {
  /** The message port of its processor. */
  readonly port: {
    onmessage: ((event: { readonly data: unknown }) => void) | null;
    postMessage(message: unknown, transfer?: ArrayBuffer[]): void;
    close(): void;
  };
}

/**
 * The members of an `AudioContext` that are used.
 *
 * @category Browser
 */
export interface AudioContextLike {
  /** `suspended` until the page may play sound. */
  readonly state: string;
  /** Samples per second. */
  readonly sampleRate: number;
  /** Current playback time, in seconds. */
  readonly currentTime: number;
  /** The loudspeaker. */
  readonly destination: AudioNodeLike;
  /** Loads processors; absent in an insecure context. */
  readonly audioWorklet?: { addModule(url: string): Promise<void> } | undefined;
  /** Creates a source from a stream. */
  createMediaStreamSource(stream: MediaStreamLike): AudioNodeLike;
  /** Creates a volume control. */
  createGain(): GainNodeLike;
  /** Creates a meter. */
  createAnalyser(): AnalyserNodeLike;
  /** Starts the sound, if the page may play any. */
  resume(): Promise<void>;
  /** Releases it. */
  close(): Promise<void>;
  /** Chooses the loudspeaker, where browsers support it. */
  setSinkId?(deviceId: string): Promise<void>;
}
