// This module is browser compatible.
import type { OpenEnum } from "../open_enum.ts";

/**
 * Raw 16-bit little-endian samples, one channel.
 *
 * @category Live
 */
export interface LivePcmFormat {
  /** Encoding. */
  readonly type: "audio/pcm";
  /** Samples per second. */
  readonly rate: 16_000 | 24_000;
}

/**
 * G.711 μ-law, one channel.
 *
 * @category Live
 */
export interface LivePcmuFormat {
  /** Encoding. */
  readonly type: "audio/pcmu";
  /** Samples per second. */
  readonly rate: 8_000;
}

/**
 * G.711 A-law, one channel.
 *
 * @category Live
 */
export interface LivePcmaFormat {
  /** Encoding. */
  readonly type: "audio/pcma";
  /** Samples per second. */
  readonly rate: 8_000;
}

/**
 * Audio format of a Live session, for both directions. The default is 24 kHz PCM16.
 *
 * @category Live
 */
export type LiveAudioFormat = LivePcmFormat | LivePcmuFormat | LivePcmaFormat;

/**
 * Audio format as the server states it.
 *
 * @category Live
 */
export interface LiveEffectiveAudioFormat {
  /** Encoding. */
  readonly type: OpenEnum<LiveAudioFormat["type"]>;
  /** Samples per second. */
  readonly rate?: number | null | undefined;
}
