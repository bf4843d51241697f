import type { StripSecrets } from "../../_internal/strip_secrets.ts";
import type { SpanLike } from "../edge_telemetry.ts";
import type { RealtimeContext } from "../realtime_env.ts";

/** Internal state of a request. */
export interface RequestState {
  /** Removes the secrets used by the request from a text. */
  strip: StripSecrets;
  /** Whether the response is an upgrade to a WebSocket, which must not be changed. */
  isUpgraded: boolean;
  /** The span of the request. */
  span: SpanLike | undefined;
  /** Code of the problem in its response. */
  problem: string | undefined;
}

const states = new WeakMap<RealtimeContext, RequestState>();

/** The state of a request, which lives as long as its context. */
export function stateOf(c: RealtimeContext): RequestState {
  let state = states.get(c);
  if (!state) states.set(c, state = { strip: (text) => text, isUpgraded: false, span: undefined, problem: undefined });
  return state;
}
