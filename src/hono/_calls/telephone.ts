import { checkOptions, type OptionNames } from "../../_internal/check_options.ts";
import { randomId } from "../../_internal/ids.ts";
import { pause } from "../../_internal/timeout.ts";
import { RealtimeApiError } from "../../errors.ts";
import type { SipHeader } from "../../protocol/mod.ts";
import type { AppContext } from "../_app/context.ts";
import type { Upstream } from "../_app/upstream.ts";
import { ProblemError, shuttingDown } from "../_http/problem_error.ts";
import { upstreamProblem } from "../_http/upstream_problem.ts";
import { orReport } from "../_quotas/guarded_store.ts";
import type { AnnouncedCall, IncomingCallDecision } from "../incoming_call.ts";
import type { RealtimeContext } from "../realtime_env.ts";
import { PENDING_MS } from "../replay_guard.ts";
import type { ActiveCallOptions } from "./active_call.ts";
import type { Beginning } from "./announce_call.ts";
import { beginCall } from "./begin_call.ts";
import type { CallApi } from "./call_api.ts";
import { callListeners } from "./call_listeners.ts";

/** Time that a request with an unknown outcome is remembered, in milliseconds: its webhook is sent again. */
const UNSURE_MS = 600_000;

/** Interval at which the store is polled for the end of another attempt, in milliseconds. */
const POLL_MS = 250;

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
    const isDone = await carryOut(decision, callId, { app, c, telephone, upstream });
    if (!isDone || decision.action === "reject") return undefined;
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
  { app, c, telephone, upstream }: {
    readonly app: AppContext;
    readonly c: RealtimeContext;
    readonly telephone: Telephone<Policy>;
    readonly upstream: Upstream;
  },
): Promise<boolean> {
  const isAccepted = decision.action === "accept";
  const key = `accepting ${callId}`;
  const turn = `deciding ${callId}`;
  const attempt = randomId("attempt");
  const store = app.storeFor(c);
  const report = (error: unknown) => app.settings.onError(error, c);
  const take = (key: string, ttlMs: number) =>
    orReport(report, async () => await store.hold(key, attempt, { max: 1, ttlMs }));
  // A call that another webhook announces, too: the attempt that still runs may become its owner.
  while ((await take(turn, PENDING_MS))?.ok === false) await pause(POLL_MS, app.settings.clock, c.get("signal"));
  // Before the request, as this server may end before it learns the answer.
  const isRepeated = (await take(key, UNSURE_MS))?.ok === false;
  let isUnsure = false;
  try {
    if (isAccepted) await telephone.accept(callId, decision.session, upstream);
    else await telephone.reject(callId, decision.statusCode, upstream);
    return true;
  } catch (error) {
    const { status = 0 } = error instanceof RealtimeApiError ? error : {};
    if (status === 404 && isAccepted) return false;
    // A call may be announced for both APIs: the first to accept has it. It is ours if the answer to us was lost.
    if (status === 404 || status === 409) {
      if (isRepeated && !isAccepted) await hangUp(callId, { telephone, upstream });
      return isRepeated;
    }
    const problem = upstreamProblem(error);
    isUnsure = isAccepted && problem instanceof ProblemError && (status === 0 || status >= 500);
    throw problem;
  } finally {
    for (const taken of isUnsure ? [turn] : [key, turn]) {
      await orReport(report, async () => await store.release(taken, attempt));
    }
  }
}

/** Hangs up a call that was accepted before, and is rejected now. */
async function hangUp<Policy extends object>(
  callId: string,
  { telephone, upstream }: { readonly telephone: Telephone<Policy>; readonly upstream: Upstream },
): Promise<void> {
  try {
    await telephone.api.toHangUp(callId, upstream)();
  } catch (error) {
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
