// This module is browser compatible.
import { callListener } from "../_internal/call_listener.ts";
import type { Clock } from "../_internal/clock.ts";
import { AudioInput } from "./audio_input.ts";
import type { InputPort } from "./input_port.ts";
import { type AudioLagSettings, withInputDefaults } from "./input_settings.ts";

/** Options of {@linkcode openInput}. */
export interface OpenInputOptions extends AudioLagSettings {
  /** Source of time. */
  readonly clock: Clock;
  /** Receives exceptions of `onLag`. */
  report(error: unknown, context: string): void;
}

/**
 * Opens the input of a session in which only the user speaks. The end of a source is silence when the server detects
 * turns, and otherwise a commit.
 *
 * @throws {RangeError} when an option is out of range.
 * @throws {TypeError} when audio must be converted and there is no `audioKit`.
 */
export function openInput(port: InputPort, options: OpenInputOptions): AudioInput {
  const { audioKit, chunkMs, clock, inputRate, maxLagMs, onLag, overflow, report } = withInputDefaults(options);
  const tell = () => onLag?.({ lagMs: input.lagMs, droppedMs: input.droppedMs });
  const input: AudioInput = new AudioInput(port, {
    ...{ audioKit, chunkMs, clock, inputRate, maxLagMs, overflow },
    // Turn detection may change.
    get inputEnd() {
      return port.endOfTurnMs === undefined ? "commit" as const : "silence" as const;
    },
    isMuted: () => false,
    onLag: () => callListener(tell, (error) => report(error, "onLag")),
  });
  return input;
}
