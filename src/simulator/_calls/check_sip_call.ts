// This module is browser compatible.
import { checkRequiredOptions, type OptionNames } from "../../_internal/check_options.ts";
import type { SipCallOptions } from "../sip_call.ts";

const NAMES: OptionNames<SipCallOptions> = {
  fetch: 1,
  from: 1,
  headers: 1,
  ringMs: 1,
  secret: 1,
  signal: 1,
  to: 1,
  webhookUrl: 1,
};

/** Rejects unknown options of a SIP call. Throws {TypeError}. */
export function checkSipCall(options: SipCallOptions): void {
  checkRequiredOptions("ring", options, NAMES);
}
