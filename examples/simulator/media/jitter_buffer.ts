import type { RtpPacket } from "./rtp.ts";

/** Number of packets that may wait for a missing one, 20 ms each. */
const MAX_WAITING = 3;
/** Maximum number of consecutive lost frames that are concealed; beyond it, the stream continues without them. */
const MAX_CONCEALED = 5;
/** Packets this far behind belong to a restarted stream. */
const RESTART_DISTANCE = 1000;

/** Input of a decoder: a packet to decode, or a lost frame to conceal. */
export type Frame = Uint8Array | "lost";

/** Puts the packets of one stream in order, drops those that come twice or too late, and finds out which are lost. */
export class JitterBuffer {
  readonly #waiting = new Map<number, Uint8Array>();
  #expected: number | undefined;
  #ssrc: number | undefined;

  /** Adds a packet; returns the frames that can be decoded now, in order. */
  push({ payload, sequence, ssrc }: RtpPacket): readonly Frame[] {
    if (ssrc !== this.#ssrc) this.#restart(ssrc, sequence);
    const distance = distanceBetween(this.#expected ?? sequence, sequence);
    if (Math.abs(distance) > RESTART_DISTANCE) this.#restart(ssrc, sequence);
    else if (distance < 0) return [];
    this.#waiting.set(sequence, payload);
    const frames = this.#take();
    if (this.#waiting.size <= MAX_WAITING) return frames;
    return [...frames, ...this.#skip(), ...this.#take()];
  }

  #restart(ssrc: number, sequence: number): void {
    this.#ssrc = ssrc;
    this.#expected = sequence;
    this.#waiting.clear();
  }

  /** Takes the next frames in order. */
  #take(): readonly Frame[] {
    const frames: Frame[] = [];
    let expected = this.#expected ?? 0;
    for (let payload = this.#waiting.get(expected); payload; payload = this.#waiting.get(expected)) {
      frames.push(payload);
      this.#waiting.delete(expected);
      expected = (expected + 1) & 0xffff;
    }
    this.#expected = expected;
    return frames;
  }

  /** Skips missing packets before the first waiting one. */
  #skip(): readonly Frame[] {
    const expected = this.#expected ?? 0;
    const missing = Math.min(...[...this.#waiting.keys()].map((sequence) => distanceBetween(expected, sequence)));
    this.#expected = (expected + missing) & 0xffff;
    return missing > MAX_CONCEALED ? [] : Array.from({ length: missing }, () => "lost" as const);
  }
}

/** Distance from `from` to `to`, -32,768 to 32,767: sequence numbers wrap around to 0. */
function distanceBetween(from: number, to: number): number {
  return ((to - from + 0x8000) & 0xffff) - 0x8000;
}
