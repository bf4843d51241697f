import { withTimeout } from "../../_internal/timeout.ts";
import { connect } from "../../connect.ts";
import type { RealtimeSessionConfig } from "../../protocol/mod.ts";
import type { Dial } from "../../transport/mod.ts";
import type { Settings } from "../_app/settings.ts";
import type { Upstream } from "../_app/upstream.ts";
import { ProblemError } from "../_http/problem_error.ts";
import { upstreamProblem } from "../_http/upstream_problem.ts";
import type { EdgeCall } from "../edge_call.ts";
import type { RealtimeContext } from "../realtime_env.ts";
import type { ActiveCall } from "./active_call.ts";
import type { Sideband } from "./sideband.ts";
import { tapDial } from "./tap_dial.ts";
import { type Watch, watchCall } from "./watch_call.ts";

/** Time that the host has for the start of a call, as a multiple of the request timeout. */
const PATIENCE = 2;

/** The known data of a call that has begun. */
export type BegunCall = Pick<EdgeCall, "callId" | "caller" | "kind"> & { readonly session: RealtimeSessionConfig };

/** The context in which a call has begun. */
export interface Beginning {
  /**
   * Attaches to it.
   *
   * @default {watchCall}
   */
  readonly watch?: Watch;
  /** The call. */
  readonly active: ActiveCall;
  /** The request that it began with. */
  readonly c: RealtimeContext;
  /** The options of the app. */
  readonly settings: Settings;
  /** The connection to the API. */
  readonly upstream: Upstream;
}

/** How the host is notified of a call. */
interface Announcement {
  /** Whether the app attaches to it. */
  readonly isWatched: boolean;
  /** Notifies the host; `undefined` for a host that does not ask for it. */
  readonly tell: (() => void | Promise<void>) | undefined;
}

/** Notifies the host of a call of the Realtime API; see {@linkcode announce}. */
export async function announceCall(call: BegunCall, beginning: Beginning): Promise<void> {
  const { c, settings: { calls, onCall } } = beginning;
  await announce(call, beginning, {
    isWatched: calls.watch && call.session.type === "realtime",
    tell: onCall && (() => onCall(toEdgeCall(call, beginning), c)),
  });
}

/**
 * Notifies the host of a call, and waits until it is ready. Hangs the call up, and rejects, when the host fails, when
 * the call cannot be watched, or when its page has gone or has already received another response.
 */
export async function announce(
  call: Pick<EdgeCall, "callId" | "kind">,
  beginning: Beginning,
  { isWatched, tell }: Announcement,
): Promise<void> {
  const { active, c, settings, watch = watchCall } = beginning;
  const attach = () =>
    watch(call.callId, beginning).catch((error) => {
      // A telephone call has no page that receives a problem.
      throw call.kind === "sip" ? error : upstreamProblem(error);
    });
  const prepare = async () => {
    if (isWatched) await attach();
    await tell?.();
  };
  try {
    if (call.kind === "sip") return await prepare();
    const signal = c.get("signal");
    signal.throwIfAborted();
    if (!isWatched && !tell) return;
    // Once started, the function may finish, but a host that is never ready must not keep an abandoned call open.
    const { clock, timeoutMs } = settings;
    await withTimeout(prepare, { what: "prepare a call", timeoutMs: timeoutMs * PATIENCE, clock });
    signal.throwIfAborted();
  } catch (error) {
    await active.end(error instanceof ProblemError && error.code === "client_gone" ? "client_gone" : "failed");
    throw error;
  }
}

/** Attaches to a call for the host, and monitors the connection: when it is lost permanently, the call is hung up. */
export async function attachForHost<Attached>(
  active: ActiveCall,
  dial: Dial,
  open: (dial: Dial, sideband: Sideband) => Promise<Attached>,
): Promise<Attached> {
  const sideband = active.addSideband({ isOwn: false });
  try {
    return await open(tapDial(dial, sideband), sideband);
  } catch (error) {
    sideband.failed();
    throw error;
  }
}

/** The host's view of the call. It outlives the request, so that the request's signal does not apply. */
function toEdgeCall(call: BegunCall, { active, settings, upstream }: Beginning): EdgeCall {
  const { clock, dial } = settings;
  const { onBehalf, rest, target } = upstream;
  const { callId } = call;
  return {
    ...call,
    attach: (options = {}) =>
      attachForHost(active, options?.dial ?? dial, async (dial, sideband) => {
        const session = await connect({ clock, ...options, ...target, dial, callId });
        session.install(sideband.part);
        sideband.follow(session);
        return session;
      }),
    hangUp: () => active.end("host"),
    refer: (targetUri) => rest.referCall(callId, targetUri, onBehalf),
  };
}
