// This module is browser compatible.
import { at } from "../_internal/wire.ts";
import { type EventIssue, InvalidEventError } from "../errors.ts";
import { checkCallCreateRequest, checkCallReferRequest } from "../protocol/rest/check_rest_body.ts";
import type { CallCreateRequest, CallReferRequest } from "../protocol/rest/rest_bodies.ts";
import { isSdp } from "./_sdp.ts";

/** Throws an `InvalidEventError` with the name of the body when `find` finds issues, unless checks are disabled. */
export function assertValid(
  name: string,
  find: () => readonly EventIssue[],
  { check = true }: { readonly check?: boolean | undefined } = {},
): void {
  const issues = check ? find() : [];
  if (issues.length > 0) throw new InvalidEventError(name, issues);
}

/** Returns the faults in the offer of a call. */
export function checkOffer(request: CallCreateRequest): readonly EventIssue[] {
  const issues = checkCallCreateRequest(request);
  const sdp = at(request, "sdp");
  if (typeof sdp !== "string" || isSdp(sdp)) return issues;
  const message = `must be SDP, which begins with v=0: current value has ${sdp.length} characters and does not`;
  return [{ path: "sdp", message, value: sdp }, ...issues];
}

/** Returns the faults in the offer of a translation call, which takes no settings. */
export function checkTranslationOffer(request: CallCreateRequest): readonly EventIssue[] {
  const session = at(request, "session");
  if (session === undefined) return checkOffer(request);
  const message = "is not a field of a translation call: create its client secret with the settings";
  return [...checkOffer({ sdp: request.sdp }), { path: "session", message, value: session }];
}

/** Returns the faults in the address to which a call is referred. */
export function checkTarget(request: CallReferRequest): readonly EventIssue[] {
  const issues = checkCallReferRequest(request);
  const { target_uri } = request;
  if (issues.length > 0 || /^[a-z][a-z\d+.-]*:[\x21-\x7e]+$/i.test(target_uri)) return issues;
  const message = `must be a URI such as tel:+14155550123, without white space: current value is ${
    JSON.stringify(target_uri.slice(0, 60))
  }`;
  return [{ path: "target_uri", message, value: target_uri }];
}
