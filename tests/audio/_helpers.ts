import { randomFrom } from "../_random.ts";

/** `length` random bytes, always the same ones for the same seed. */
export function randomBytes(length: number, seed: number): Uint8Array<ArrayBuffer> {
  const next = randomFrom(seed);
  return Uint8Array.from({ length }, () => Math.floor(next() * 256));
}

/** Cuts an array into pieces of 0 to `most` elements. */
export function cut<A extends Uint8Array | Int16Array | Float32Array>(array: A, most: number, seed: number): A[] {
  const next = randomFrom(seed);
  const pieces: A[] = [];
  for (let offset = 0; offset < array.length;) {
    const piece = array.subarray(offset, offset + Math.floor(next() * (most + 1))) as A;
    pieces.push(piece);
    offset += piece.length;
  }
  return pieces;
}

/** Joins pieces. */
export function join(pieces: Iterable<Uint8Array>): Uint8Array<ArrayBuffer> {
  const parts = [...pieces];
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.length;
  }
  return whole;
}

/** Sends chunks through a stream and collects its output. */
export async function through<I, O>(chunks: Iterable<I>, stream: TransformStream<I, O>): Promise<O[]> {
  return await Array.fromAsync(ReadableStream.from(chunks).pipeThrough(stream));
}

/** The residual of a sine fitted to samples. */
export interface ToneFit {
  /** Amplitude of the sine that fits best. */
  readonly amplitude: number;
  /** Its phase at the first sample, in radians. */
  readonly phase: number;
  /** Power of the sine over the power of everything else, in decibels. */
  readonly snrDb: number;
}

/** `length` samples of `amplitude * sin`, at time 0 first. */
export function tone(frequency: number, rate: number, length: number, amplitude = 0.9): Float32Array<ArrayBuffer> {
  return Float32Array.from({ length }, (_, i) => amplitude * Math.sin(2 * Math.PI * frequency * i / rate));
}

/** Fits a sine of known frequency to the middle four fifths of samples by least squares. */
export function fitTone(samples: ArrayLike<number>, frequency: number, rate: number): ToneFit {
  const from = Math.floor(samples.length * 0.1);
  const to = Math.floor(samples.length * 0.9);
  let [ss, cc, sc, sx, cx] = [0, 0, 0, 0, 0];
  for (let i = from; i < to; i++) {
    const [s, c] = [Math.sin(2 * Math.PI * frequency * i / rate), Math.cos(2 * Math.PI * frequency * i / rate)];
    ss += s * s;
    cc += c * c;
    sc += s * c;
    sx += s * samples[i]!;
    cx += c * samples[i]!;
  }
  const determinant = ss * cc - sc * sc;
  const a = (sx * cc - cx * sc) / determinant;
  const b = (cx * ss - sx * sc) / determinant;
  let [signal, rest] = [0, 0];
  for (let i = from; i < to; i++) {
    const angle = 2 * Math.PI * frequency * i / rate;
    const fitted = a * Math.sin(angle) + b * Math.cos(angle);
    signal += fitted ** 2;
    rest += (samples[i]! - fitted) ** 2;
  }
  return { amplitude: Math.hypot(a, b), phase: Math.atan2(b, a), snrDb: 10 * Math.log10(signal / rest) };
}
