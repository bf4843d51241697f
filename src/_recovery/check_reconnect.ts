// This module is browser compatible.
import { checkOptions, type OptionNames } from "../_internal/check_options.ts";
import { aNumber } from "../_internal/option_kinds.ts";
import { MAX_LIFE_MS } from "./life_watch.ts";
import type { ReconnectOptions, RecoveryBackoff } from "./recovery_options.ts";

const NAMES: OptionNames<ReconnectOptions> = { renewBeforeMs: aNumber, maxAttempts: aNumber, backoff: 1 };

const BACKOFF_NAMES: OptionNames<RecoveryBackoff> = { firstMs: aNumber, maxMs: aNumber, lateMaxMs: aNumber };

/** Checks the options; `others` are further known names. Throws {TypeError} or {RangeError}. */
export function checkReconnect(options: ReconnectOptions, others: Readonly<Record<string, unknown>> = {}): void {
  checkOptions("recover", options, { ...NAMES, ...others }, "recovery");
  const { backoff, maxAttempts = 1, renewBeforeMs = 0 } = options;
  checkOptions("recover", backoff, BACKOFF_NAMES, "recovery.backoff");
  checkBound(renewBeforeMs < MAX_LIFE_MS, "renewBeforeMs", `< ${MAX_LIFE_MS}`, renewBeforeMs);
  checkBound(maxAttempts >= 1, "maxAttempts", ">= 1", maxAttempts);
}

/** Checks the other bound of a number. Throws {RangeError}. */
function checkBound(isValid: boolean, name: string, rule: string, value: unknown): void {
  if (!isValid) throw new RangeError(`Cannot recover as ${name} must be ${rule}: current value is ${value}`);
}
