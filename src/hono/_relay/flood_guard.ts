import type { Clock } from "../../_internal/clock.ts";
import type { Limits } from "../_app/settings.ts";
import type { Close } from "./close_code.ts";
import { RateLimit } from "./rate_limit.ts";

/** Size of a burst, as a multiple of the rate per second. */
const FRAME_BURST = 2;
const CHARACTER_BURST = 8;

/** Limits the frames of a page: their length, and the rate of frames and characters. */
export class FloodGuard {
  readonly #maxFrameCharacters: number;
  readonly #frames: RateLimit;
  readonly #characters: RateLimit;

  constructor({ charactersPerSecond, framesPerSecond, maxFrameCharacters }: Limits, clock: Clock) {
    this.#maxFrameCharacters = maxFrameCharacters;
    this.#frames = new RateLimit({ perSecond: framesPerSecond, burst: framesPerSecond * FRAME_BURST }, clock);
    const burst = charactersPerSecond * CHARACTER_BURST;
    this.#characters = new RateLimit({ perSecond: charactersPerSecond, burst }, clock);
  }

  /** Counts a frame of this length; returns the close of the page when it exceeds a limit. */
  take(length: number): Close | undefined {
    if (length > this.#maxFrameCharacters) return { code: 1009, reason: "The frame is too long" };
    if (this.#frames.take(1) && this.#characters.take(length)) return undefined;
    return { code: 1008, reason: "Too much at a time" };
  }
}
