import { CoreSession, recoveryPart } from "../../session/mod.ts";
import { connectWebSocket, type Dial } from "../../transport/mod.ts";
import type { Settings } from "../_app/settings.ts";
import type { Upstream } from "../_app/upstream.ts";
import type { ActiveCall } from "./active_call.ts";
import type { CallApi } from "./call_api.ts";
import { tapDial } from "./tap_dial.ts";

/** Options of {@linkcode watchCall}. */
export interface WatchOptions {
  /** The call. */
  readonly active: ActiveCall;
  /** The options of the app. */
  readonly settings: Settings;
  /** The connection to the API. */
  readonly upstream: Upstream;
}

/** Attaches to a call as a listener; resolves when attached. */
export type Watch = (callId: string, options: WatchOptions) => Promise<void>;

/** The calls of an API, and how they are followed. */
export interface FollowedCalls {
  /** The API. */
  readonly api: CallApi;
  /** Attaches to one of them. */
  readonly watch: Watch;
}

/**
 * Attaches to a call as a listener; resolves when attached. After a drop it attaches again. It sends only what the
 * recovery of a session sends after 30 seconds without an event, to probe the line.
 */
export async function watchCall(callId: string, { active, settings, upstream }: WatchOptions): Promise<void> {
  const { clock, timeoutMs } = settings;
  const { target, traceparent } = upstream;
  const sideband = active.addSideband({ isOwn: true });
  const dial = tapDial(traced(settings.dial, traceparent), sideband);
  const open = (signal?: AbortSignal) => connectWebSocket({ ...target, callId, clock, dial, signal, timeoutMs });
  try {
    const options = { sideband: true, clock, onUnhandled: active.report };
    const parts = [sideband.part, recoveryPart({ open, timeoutMs })];
    sideband.follow(new CoreSession(await open(), options, parts));
  } catch (error) {
    sideband.failed();
    throw error;
  }
  active.watched();
  // It may have ended while this connection was opened.
  if (active.hasEnded) sideband.close();
}

/** Wraps a dialer so that requests carry the trace context. */
export function traced(dial: Dial, traceparent: string | undefined): Dial {
  if (traceparent === undefined) return dial;
  return (request) => {
    request.headers.set("traceparent", traceparent);
    return dial(request);
  };
}
