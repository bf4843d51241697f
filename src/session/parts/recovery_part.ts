// This module is browser compatible.
import { checkOptions, type OptionNames } from "../../_internal/check_options.ts";
import { aFunction, anArray, anOnDrop, aNumber, aString } from "../../_internal/option_kinds.ts";
import { checkReconnect } from "../../_recovery/check_reconnect.ts";
import type { ReconnectOptions, RecoveryPartOptions, ReplayOptions } from "../../_recovery/recovery_options.ts";
import { SessionLine } from "../_recovery/session_line.ts";
import type { SessionPart } from "../session_part.ts";

const NAMES: OptionNames<Omit<RecoveryPartOptions, keyof ReconnectOptions>> = {
  open: aFunction,
  newSession: 1,
  onOpen: aFunction,
  timeoutMs: aNumber,
  random: aFunction,
  wallNow: aFunction,
  onDrop: anOnDrop,
  replay: 1,
};

const REPLAY_NAMES: OptionNames<ReplayOptions> = {
  maxTokens: aNumber,
  pinned: anArray,
  summarize: aFunction,
  anchor: aString,
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
  const { replay } = options;
  checkOptions("recover", replay, REPLAY_NAMES, "recovery.replay");
}
