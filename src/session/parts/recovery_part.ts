// This module is browser compatible.
import { checkNotNegative, checkOptions, checkWords, type OptionNames } from "../../_internal/check_options.ts";
import { checkReconnect } from "../../_recovery/check_reconnect.ts";
import type { ReconnectOptions, RecoveryPartOptions, ReplayOptions } from "../../_recovery/recovery_options.ts";
import { SessionLine } from "../_recovery/session_line.ts";
import type { SessionPart } from "../session_part.ts";

const NAMES: OptionNames<Omit<RecoveryPartOptions, keyof ReconnectOptions>> = {
  open: 1,
  newSession: 1,
  onOpen: 1,
  timeoutMs: 1,
  random: 1,
  wallNow: 1,
  onDrop: 1,
  replay: 1,
};
/** The names of the options of a replay, and their types. */
const REPLAY_TYPES: OptionNames<ReplayOptions> = {
  maxTokens: "number",
  pinned: "array",
  summarize: "function",
  anchor: "string",
};

/**
 * Keeps a session alive when its connection ends: with another connection, which receives the configuration and the
 * conversation. `connect` installs it by itself; use it with other transports.
 *
 * @throws {TypeError} when an option is unknown, or has the wrong type or word.
 * @throws {RangeError} when an option is out of range.
 *
 * @category Parts
 */
export function recoveryPart(options: RecoveryPartOptions): SessionPart {
  checkRecovery(options);
  return { name: "recovery", install: (host) => new SessionLine(host, options) };
}

function checkRecovery(options: RecoveryPartOptions): void {
  checkReconnect(options, NAMES);
  checkWords("recover", options, { onDrop: ["finish", "flush"] });
  const { replay } = options;
  checkOptions("recover", replay, REPLAY_TYPES, "recovery.replay");
  for (const [name, value] of Object.entries(replay ?? {})) {
    const type = Array.isArray(value) ? "array" : typeof value;
    const wanted = REPLAY_TYPES[name as keyof ReplayOptions];
    if (value !== undefined && type !== wanted) {
      throw new TypeError(
        `Cannot recover as replay.${name} must be of type ${wanted}: current value is of type ${type}`,
      );
    }
  }
  checkNotNegative("recover", { maxTokens: replay?.maxTokens }, "replay.");
}
