// This module is browser compatible.
import { stringAt } from "../../_internal/wire.ts";

/**
 * How many bytes a millisecond of the model's speech, or of the user's, takes in a session with this configuration: 24
 * samples of two bytes, or 8 of one.
 */
export function bytesPerMs(config: unknown, side: "input" | "output"): number {
  return /pcm[ua]/.test(stringAt(config, "audio", side, "format", "type") ?? "") ? 8 : 48;
}

/** How many milliseconds of it a character of base64 stands for. */
export function msPerCharacter(config: unknown, side: "input" | "output" = "output"): number {
  return 0.75 / bytesPerMs(config, side);
}
