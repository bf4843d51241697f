// This module is browser compatible.
import { checkRequiredOptions, type OptionNames } from "../../_internal/check_options.ts";
import { aFunction, anAbortSignal, aNumber } from "../../_internal/option_kinds.ts";
import type { SipCallOptions } from "../sip_call.ts";

const NAMES: OptionNames<SipCallOptions> = {
  fetch: aFunction,
  from: 1,
  headers: 1,
  ringMs: aNumber,
  secret: 1,
  signal: anAbortSignal,
  to: 1,
  webhookUrl: 1,
};

/** Rejects unknown options of a SIP call. Throws {TypeError}. */
export function checkSipCall(options: SipCallOptions): void {
  checkRequiredOptions("ring", options, NAMES);
}
