// This module is browser compatible.
import { stringAt } from "../../_internal/wire.ts";

/**
 * How many milliseconds of the model's speech, or of the user's, a character of base64 stands for, in a session with this
 * configuration: 24,000 samples of two bytes each second, or 8,000 of one.
 */
export function msPerCharacter(config: unknown, side: "input" | "output" = "output"): number {
  return 0.75 / (/pcm[ua]/.test(stringAt(config, "audio", side, "format", "type") ?? "") ? 8 : 48);
}
