// This module is browser compatible.
import type { OpenEnum } from "../open_enum.ts";

/**
 * 16-bit linear PCM: mono, little-endian, 24 000 Hz.
 *
 * @category Session
 */
export interface PcmFormat {
  /** Kind of encoding. */
  readonly type: "audio/pcm";
  /** Samples per second. Required by the API, which accepts only 24 000. */
  readonly rate: 24000;
}

/**
 * G.711 µ-law at 8 000 Hz, as North American telephony speaks it. Has no rate field.
 *
 * @category Session
 */
export interface PcmuFormat {
  /** Kind of encoding. */
  readonly type: "audio/pcmu";
}

/**
 * G.711 A-law at 8 000 Hz, as European telephony speaks it. Has no rate field.
 *
 * @category Session
 */
export interface PcmaFormat {
  /** Kind of encoding. */
  readonly type: "audio/pcma";
}

/**
 * Audio encoding of a session.
 *
 * @category Session
 */
export type AudioFormat = PcmFormat | PcmuFormat | PcmaFormat;

/**
 * An audio encoding as the server reports it, kinds newer than this version included.
 *
 * @category Session
 */
export interface EffectiveAudioFormat {
  /** Kind of encoding. */
  readonly type: OpenEnum<AudioFormat["type"]>;
  /** Samples per second; absent for G.711, which is 8 000 Hz. */
  readonly rate?: number | null | undefined;
}
