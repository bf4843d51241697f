// This module is browser compatible.
import { checkOptions, type OptionNames } from "../../_internal/check_options.ts";
import { checkRange, checkReconnect } from "../../_recovery/check_reconnect.ts";
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
const REPLAY_NAMES: OptionNames<ReplayOptions> = { maxTokens: 1, pinned: 1, summarize: 1, anchor: 1 };

/**
 * Keeps a session alive when its connection ends: with another connection, which receives the configuration and the
 * conversation. `connect` installs it by itself; use it with other transports.
 *
 * @throws {TypeError} when an option is unknown.
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
  const { onDrop = "finish", replay } = options;
  checkOptions("recover", replay, REPLAY_NAMES, "recovery.replay");
  checkRange(/^(finish|flush)$/.test(onDrop), "onDrop", "finish or flush", onDrop);
  const { anchor, maxTokens = 0, pinned, summarize } = replay ?? {};
  const checkType = (name: string, value: unknown, isValid: boolean) => {
    if (value !== undefined && !isValid) {
      throw new TypeError(`Cannot recover as replay.${name} is of the wrong type: ${typeof value}`);
    }
  };
  checkType("anchor", anchor, typeof anchor === "string");
  checkType("pinned", pinned, Array.isArray(pinned));
  checkType("summarize", summarize, typeof summarize === "function");
  checkRange(maxTokens >= 0, "replay.maxTokens", ">= 0", maxTokens);
}
