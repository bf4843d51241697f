// This module is browser compatible.
import type { MediaStreamLike } from "./peer_connection.ts";

/**
 * The members of an `AudioNode` that are used.
 *
 * @category Browser
 */
export interface AudioNodeLike {
  /** Sends its sound into another node. */
  connect(destination: AudioNodeLike): unknown;
  /** Takes it out of the graph. */
  disconnect(): void;
}

/**
 * The members of a `GainNode` that are used.
 *
 * @category Browser
 */
export interface GainNodeLike extends AudioNodeLike {
  /** How loud. */
  readonly gain: { value: number; setTargetAtTime(target: number, startTime: number, timeConstant: number): unknown };
}

/**
 * The members of an `AnalyserNode` that are used.
 *
 * @category Browser
 */
export interface AnalyserNodeLike extends AudioNodeLike {
  /** Samples that are looked at. */
  fftSize: number;
  /** Copies the newest samples. */
  getFloatTimeDomainData(samples: Float32Array<ArrayBuffer>): void;
}

/**
 * The members of an `AudioWorkletNode` that are used.
 *
 * @category Browser
 */
export interface WorkletNodeLike extends AudioNodeLike {
  /** The way to its processor. */
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
  /** `suspended` until the page may make a sound. */
  readonly state: string;
  /** Samples per second. */
  readonly sampleRate: number;
  /** Time of what is heard, in seconds. */
  readonly currentTime: number;
  /** The loudspeaker. */
  readonly destination: AudioNodeLike;
  /** Where processors are loaded; absent in an insecure context. */
  readonly audioWorklet?: { addModule(url: string): Promise<void> } | undefined;
  /** Makes a source of a stream. */
  createMediaStreamSource(stream: MediaStreamLike): AudioNodeLike;
  /** Makes a volume control. */
  createGain(): GainNodeLike;
  /** Makes a meter. */
  createAnalyser(): AnalyserNodeLike;
  /** Lets it sound, as far as the page may. */
  resume(): Promise<void>;
  /** Releases it. */
  close(): Promise<void>;
  /** Chooses the loudspeaker, where browsers can. */
  setSinkId?(deviceId: string): Promise<void>;
}
