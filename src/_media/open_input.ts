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
  /** Gets what `onLag` throws. */
  report(error: unknown, context: string): void;
}

/**
 * Opens the input of a session in which only the user speaks. Where the server finds the turns, the end of a source is
 * silence, else a commit.
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
