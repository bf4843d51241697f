import type { Clock } from "../../_internal/clock.ts";
import type { Limits } from "../_app/settings.ts";
import type { Close } from "./close_code.ts";
import { RateLimit } from "./rate_limit.ts";

/** Bursts, as so many times what may pass a second. */
const FRAME_BURST = 2;
const CHARACTER_BURST = 8;

/** Bounds what a page sends: the length of its frames, and how many of them and of their characters in a time. */
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

  /** Takes a frame of this length; says how the page is closed when it is one too many, or too long. */
  take(length: number): Close | undefined {
    if (length > this.#maxFrameCharacters) return { code: 1009, reason: "The frame is too long" };
    if (this.#frames.take(1) && this.#characters.take(length)) return undefined;
    return { code: 1008, reason: "Too much at a time" };
  }
}
