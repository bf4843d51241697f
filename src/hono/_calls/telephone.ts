import { checkOptions, type OptionNames } from "../../_internal/check_options.ts";
import { RealtimeApiError } from "../../errors.ts";
import type { SipHeader } from "../../protocol/mod.ts";
import type { AppContext } from "../_app/context.ts";
import type { Upstream } from "../_app/upstream.ts";
import { shuttingDown } from "../_http/problem_error.ts";
import { upstreamProblem } from "../_http/upstream_problem.ts";
import type { AnnouncedCall, IncomingCallDecision } from "../incoming_call.ts";
import type { RealtimeContext } from "../realtime_env.ts";
import type { ActiveCallOptions } from "./active_call.ts";
import type { Beginning } from "./announce_call.ts";
import { beginCall } from "./begin_call.ts";
import type { CallApi } from "./call_api.ts";
import { callListeners } from "./call_listeners.ts";

/** How telephone calls of one API are handled. */
export interface Telephone<Policy extends object> {
  /** The API. */
  readonly api: CallApi;
  /** Asks the host. */
  readonly decide:
    | ((
      call: AnnouncedCall,
      c: RealtimeContext,
    ) => IncomingCallDecision<Policy> | Promise<IncomingCallDecision<Policy>>)
    | undefined;
  /** Accepts a call. */
  readonly accept: (callId: string, session: Policy, upstream: Upstream) => Promise<void>;
  /** Rejects a call. */
  readonly reject: (callId: string, statusCode: number | undefined, upstream: Upstream) => Promise<void>;
  /** Notifies the host of an accepted call. */
  readonly announce: (call: ActiveCallOptions["call"], session: Policy, beginning: Beginning) => Promise<void>;
}

/** Asks the host for a decision about a call, and carries it out. */
export async function handleCall<Policy extends object>(
  announced: AnnouncedCall,
  telephone: Telephone<Policy>,
  c: RealtimeContext,
  app: AppContext,
): Promise<void> {
  const { settings } = app;
  const { announce, api, decide } = telephone;
  const decision = await decide?.(announced, c) ?? { action: "ignore" };
  assertDecision(decision);
  if (decision.action === "ignore") return;
  const upstream = await app.openUpstream(c);
  const { callId } = announced;
  const carried = async () => {
    // Another server may accept it.
    if (app.calls.isClosed) throw shuttingDown();
    if (!await carryOut(decision, callId, { telephone, upstream }) || decision.action === "reject") return undefined;
    const call = { callId, caller: undefined, kind: "sip", session: decision.session } as const;
    const listeners = callListeners(c, settings, upstream.strip);
    return { active: await beginCall(call, app, { api, c, listeners, upstream }), call };
  };
  // The webhook may be answered before the API answers.
  const begun = await app.endings.add(carried());
  if (!begun) return;
  const { active, call } = begun;
  // The call is accepted: repeating the webhook would not help.
  await announce(call, call.session, { active, c, upstream, settings })
    .catch((error) => settings.onError(error, c));
}

const DECISION_NAMES: OptionNames<{ action: string; session: object; statusCode: number }> = {
  action: 1,
  session: 1,
  statusCode: 1,
};

/** @throws {TypeError} when a decision is none: a misspelt one must not reject the call. */
function assertDecision(decision: { readonly action: string }): void {
  checkOptions("handle a call", decision, DECISION_NAMES, "decision");
  if (["accept", "ignore", "reject"].includes(decision.action)) return;
  const value = JSON.stringify(decision.action);
  throw new TypeError(
    `Cannot handle a call as its decision must have the action accept, reject or ignore: current value is ${value}`,
  );
}

/** Carries out a decision; returns whether the caller was still there, and no other server has accepted the call. */
async function carryOut<Policy extends object>(
  decision: Exclude<IncomingCallDecision<Policy>, { action: "ignore" }>,
  callId: string,
  { telephone, upstream }: { readonly telephone: Telephone<Policy>; readonly upstream: Upstream },
): Promise<boolean> {
  try {
    if (decision.action === "accept") await telephone.accept(callId, decision.session, upstream);
    else await telephone.reject(callId, decision.statusCode, upstream);
    return true;
  } catch (error) {
    // A call may be announced for both APIs: the first to accept has it.
    if (error instanceof RealtimeApiError && (error.status === 404 || error.status === 409)) return false;
    throw upstreamProblem(error);
  }
}

/** The host's view of an announced call. */
export function toAnnouncedCall(callId: string, eventId: string, sipHeaders: readonly SipHeader[]): AnnouncedCall {
  return {
    callId,
    eventId,
    sipHeaders,
    header: (name) => sipHeaders.find((header) => header.name.toLowerCase() === name.toLowerCase())?.value,
  };
}
