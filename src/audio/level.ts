// This module is browser compatible.
import { checkOptions, type OptionNames } from "../_internal/check_options.ts";
import { createSampleReader } from "./_sample_reader.ts";
import { transform } from "./_transform.ts";
import { framesPerSecond } from "./duration.ts";
import type { PcmChunk } from "./pcm.ts";

/**
 * Loudness of a piece of audio, in decibels relative to full scale: 0 is full scale, silence is `-Infinity`.
 *
 * @category Audio
 */
export interface AudioLevel {
  /** Root mean square: 0 for a full-scale square wave, -3.01 for a full-scale sine. */
  readonly rmsDbfs: number;
  /** The sample farthest from zero; floats beyond ±1 give more than 0. */
  readonly peakDbfs: number;
}

/**
 * Loudness of the audio in one window.
 *
 * @category Audio
 */
export interface LevelReading extends AudioLevel {
  /** Start of the window, in milliseconds of audio since the first sample. */
  readonly startMs: number;
  /** Length of the window in milliseconds; the last one may be shorter. */
  readonly durationMs: number;
}

/**
 * Options of {@linkcode createLevelMeter}.
 *
 * @category Audio
 */
export interface LevelMeterOptions {
  /**
   * Length of the audio of each reading, in milliseconds, rounded to whole samples. A shorter window follows the audio
   * more closely, and produces more readings.
   *
   * @default {50}
   */
  readonly windowMs?: number | undefined;
  /**
   * Samples per second.
   *
   * @default {24000}
   */
  readonly sampleRate?: number | undefined;
}

/**
 * Options of {@linkcode meterAudio}.
 *
 * @category Audio
 */
export interface MeterAudioOptions extends LevelMeterOptions {
  /** Called with each reading, just before the audio that completes it is passed on. An exception errors the stream. */
  readonly onLevel: (reading: LevelReading) => void;
}

const METER_NAMES: OptionNames<LevelMeterOptions> = { windowMs: 1, sampleRate: 1 };

/**
 * Measures mono audio window by window, see {@linkcode createLevelMeter}.
 *
 * @category Audio
 */
export interface LevelMeter {
  /** Takes the next samples and returns a reading for each complete window. */
  push(samples: Int16Array | Float32Array): LevelReading[];
  /** Returns the reading of the incomplete window, if there is one, and restarts at 0 ms. */
  flush(): LevelReading[];
}

/**
 * Measures the loudness of a piece of audio. NaN counts as silence, and so does an empty piece.
 *
 * @category Audio
 *
 * @param samples PCM16 samples, or floats with a full scale of 1.
 *
 * @example A square wave at half of full scale
 * ```ts
 * import { measureLevel } from "@oai-rt/edge/audio";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * const { rmsDbfs, peakDbfs } = measureLevel(new Int16Array([16384, -16384]));
 * assertAlmostEquals(rmsDbfs, -6.02, 0.01);
 * assertAlmostEquals(peakDbfs, -6.02, 0.01);
 * ```
 */
export function measureLevel(samples: Int16Array | Float32Array): AudioLevel {
  const loudness = new Loudness();
  loudness.add(samples);
  return loudness.level();
}

/**
 * Creates a meter that returns one reading for each window of audio, for input of any sizes.
 *
 * @category Audio
 *
 * @param options the window and the sample rate.
 * @throws {RangeError} when `sampleRate` is not positive, or the window is shorter than one sample.
 * @throws {TypeError} when an option is unknown.
 */
export function createLevelMeter(options: LevelMeterOptions = {}): LevelMeter {
  checkOptions("meter audio", options, METER_NAMES);
  const { windowMs = 50, ...layout } = options;
  const sampleRate = framesPerSecond(layout);
  const windowSamples = Math.round(windowMs * sampleRate / 1000);
  if (!(windowSamples >= 1 && windowSamples < Infinity)) {
    throw new RangeError(`Cannot meter audio as windowMs must be at least one sample: current value is ${windowMs}`);
  }
  let start = 0;
  let window = new Loudness();

  function read(): LevelReading {
    const reading = {
      ...window.level(),
      startMs: start * 1000 / sampleRate,
      durationMs: window.samples * 1000 / sampleRate,
    };
    start += window.samples;
    window = new Loudness();
    return reading;
  }

  return {
    push(samples) {
      const readings: LevelReading[] = [];
      for (let offset = 0; offset < samples.length;) {
        const part = samples.subarray(offset, offset + windowSamples - window.samples);
        window.add(part);
        offset += part.length;
        if (window.samples === windowSamples) readings.push(read());
      }
      return readings;
    },
    flush() {
      const readings = window.samples > 0 ? [read()] : [];
      start = 0;
      return readings;
    },
  };
}

/**
 * Creates a stream that passes mono audio through unchanged and calls `onLevel` for each window of it.
 *
 * @category Audio
 *
 * @param options the callback, the window and the sample rate.
 * @throws {RangeError} when `sampleRate` is not positive, or the window is shorter than one sample.
 *
 * @example A level bar for a microphone
 * ```ts
 * import { meterAudio } from "@oai-rt/edge/audio";
 * import { assertEquals } from "@std/assert";
 *
 * const levels: number[] = [];
 * const microphone = new Blob([new Uint8Array(4800)]).stream();
 * const audio = microphone.pipeThrough(meterAudio({ onLevel: ({ peakDbfs }) => levels.push(peakDbfs) }));
 * assertEquals((await new Response(audio).bytes()).length, 4800);
 * assertEquals(levels, [-Infinity, -Infinity]);
 * ```
 */
export function meterAudio<C extends PcmChunk>(options: MeterAudioOptions): TransformStream<C, C> {
  const { onLevel, ...meterOptions } = options;
  const meter = createLevelMeter(meterOptions);
  const read = createSampleReader();
  return transform({
    push(chunk: C) {
      for (const reading of meter.push(read(chunk))) onLevel(reading);
      return [chunk];
    },
    flush() {
      for (const reading of meter.flush()) onLevel(reading);
      return [];
    },
  });
}

/** Sum over the samples of one window. */
class Loudness {
  samples = 0;
  #squares = 0;
  #peak = 0;

  add(samples: Int16Array | Float32Array): void {
    if (samples instanceof Int16Array) this.#addIntegers(samples);
    else this.#addFloats(samples);
    this.samples += samples.length;
  }

  #addIntegers(samples: Int16Array): void {
    let squares = 0;
    let low = 0;
    let high = 0;
    for (let i = 0; i < samples.length; i++) {
      const sample = samples[i]!;
      squares += sample * sample;
      low = Math.min(low, sample);
      high = Math.max(high, sample);
    }
    this.#squares += squares / 32768 ** 2;
    this.#peak = Math.max(this.#peak, high / 32768, low / -32768);
  }

  #addFloats(samples: Float32Array): void {
    let squares = 0;
    let peak = 0;
    for (let i = 0; i < samples.length; i++) {
      const magnitude = Math.abs(samples[i]!);
      // False for NaN, which is ignored.
      if (magnitude > 0) squares += magnitude * magnitude;
      if (magnitude > peak) peak = magnitude;
    }
    this.#squares += squares;
    this.#peak = Math.max(this.#peak, peak);
  }

  level(): AudioLevel {
    const rms = Math.sqrt(this.#squares / Math.max(this.samples, 1));
    return { rmsDbfs: 20 * Math.log10(rms), peakDbfs: 20 * Math.log10(this.#peak) };
  }
}
