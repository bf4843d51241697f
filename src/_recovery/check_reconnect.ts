// This module is browser compatible.
import { checkNotNegative, checkOptions, type OptionNames } from "../_internal/check_options.ts";
import { MAX_LIFE_MS } from "./life_watch.ts";
import type { ReconnectOptions, RecoveryBackoff } from "./recovery_options.ts";

const NAMES: OptionNames<ReconnectOptions> = { renewBeforeMs: 1, maxAttempts: 1, backoff: 1 };

const BACKOFF_NAMES: OptionNames<RecoveryBackoff> = { firstMs: 1, maxMs: 1, lateMaxMs: 1 };

/** Checks the options; `others` are further known names. Throws {TypeError} or {RangeError}. */
export function checkReconnect(options: ReconnectOptions, others: Readonly<Record<string, unknown>> = {}): void {
  checkOptions("recover", options, { ...NAMES, ...others }, "recovery");
  const { backoff, maxAttempts = 1, renewBeforeMs = 0 } = options;
  checkOptions("recover", backoff, BACKOFF_NAMES, "recovery.backoff");
  checkNotNegative("recover", { maxAttempts, renewBeforeMs });
  checkNotNegative("recover", backoff ?? {}, "backoff.");
  checkBound(renewBeforeMs < MAX_LIFE_MS, "renewBeforeMs", `< ${MAX_LIFE_MS}`, renewBeforeMs);
  checkBound(maxAttempts >= 1, "maxAttempts", ">= 1", maxAttempts);
}

/** Checks the other bound of a number. Throws {RangeError}. */
function checkBound(isValid: boolean, name: string, rule: string, value: unknown): void {
  if (!isValid) throw new RangeError(`Cannot recover as ${name} must be ${rule}: current value is ${value}`);
}
