// This module is browser compatible.
import { checkOptions, type OptionNames } from "../../_internal/check_options.ts";
import { MAX_LIFE_MS } from "../_recovery/life_watch.ts";
import { Recovery } from "../_recovery/recovery.ts";
import type { RecoveryBackoff, RecoveryOptions, RecoveryPartOptions, ReplayOptions } from "./recovery_options.ts";
import type { SessionPart } from "../session_part.ts";

const NAMES: OptionNames<RecoveryPartOptions> = {
  open: 1,
  newSession: 1,
  onOpen: 1,
  timeoutMs: 1,
  random: 1,
  wallNow: 1,
  renewBeforeMs: 1,
  maxAttempts: 1,
  backoff: 1,
  onDrop: 1,
  replay: 1,
};
const BACKOFF_NAMES: OptionNames<RecoveryBackoff> = { firstMs: 1, maxMs: 1, lateMaxMs: 1 };
const REPLAY_NAMES: OptionNames<ReplayOptions> = { maxTokens: 1, pinned: 1, summarize: 1, anchor: 1 };

/**
 * Keeps a session alive when its connection ends: with another connection, which gets the configuration and the
 * conversation. `connect` installs it by itself; it serves other transports.
 *
 * @throws {TypeError} when there is no such option.
 * @throws {RangeError} when an option is out of range.
 *
 * @category Parts
 */
export function recoveryPart(options: RecoveryPartOptions): SessionPart {
  checkRecovery(options);
  return {
    name: "recovery",
    install: (host) => {
      const recovery = new Recovery(host, options);
      const { ledger, line } = recovery;
      host.generations.keeper = (ended) => recovery.keep(ended);
      return {
        onReceived: () => line.reset(),
        before: { "*": (event) => ledger.receive(event, host.config, host.clock.now()) },
        onSent: (event) => ledger.send(event, host.config),
        close: () => recovery.close(),
      };
    },
  };
}

/** Refuses options that cannot be meant. Throws {TypeError} or {RangeError}. */
export function checkRecovery(options: RecoveryOptions): void {
  const { backoff, maxAttempts = 1, onDrop = "finish", renewBeforeMs = 0, replay } = options;
  checkOptions("recover", options, NAMES, "recovery");
  checkOptions("recover", backoff, BACKOFF_NAMES, "recovery.backoff");
  checkOptions("recover", replay, REPLAY_NAMES, "recovery.replay");
  const check = (isValid: boolean, name: string, rule: string, value: unknown) => {
    if (!isValid) throw new RangeError(`Cannot recover as ${name} must be ${rule}: current value is ${value}`);
  };
  check(renewBeforeMs >= 0 && renewBeforeMs < MAX_LIFE_MS, "renewBeforeMs", `>= 0 and < ${MAX_LIFE_MS}`, renewBeforeMs);
  check(maxAttempts >= 1, "maxAttempts", ">= 1", maxAttempts);
  check(/^(finish|flush)$/.test(onDrop), "onDrop", "finish or flush", onDrop);
  const { maxTokens = 0 } = replay ?? {};
  check(maxTokens >= 0, "replay.maxTokens", ">= 0", maxTokens);
  for (const [name, value = 0] of Object.entries(backoff ?? {})) check(value >= 0, `backoff.${name}`, ">= 0", value);
}
