// This module is browser compatible.
import type { OptionNames } from "../_internal/check_options.ts";
import type { RejectCallOptions, RestBodyOptions, RestCallOptions } from "./rest_options.ts";

export const CALL_NAMES: OptionNames<RestCallOptions> = { signal: 1, timeoutMs: 1, safetyIdentifier: 1 };

export const BODY_NAMES: OptionNames<RestBodyOptions> = { ...CALL_NAMES, check: 1 };

export const REJECT_NAMES: OptionNames<RejectCallOptions> = { ...CALL_NAMES, statusCode: 1 };
