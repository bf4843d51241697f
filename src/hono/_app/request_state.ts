import type { StripSecrets } from "../../_internal/strip_secrets.ts";
import type { SpanLike } from "../edge_telemetry.ts";
import type { RealtimeContext } from "../realtime_env.ts";

/** What the app alone knows of a request. */
export interface RequestState {
  /** Takes the secrets that the request works with out of a text. */
  strip: StripSecrets;
  /** The span of the request. */
  span: SpanLike | undefined;
  /** Code of the problem that it was answered with. */
  problem: string | undefined;
}

const states = new WeakMap<RealtimeContext, RequestState>();

/** The state of a request, which lives as long as its context. */
export function stateOf(c: RealtimeContext): RequestState {
  let state = states.get(c);
  if (!state) states.set(c, state = { strip: (text) => text, span: undefined, problem: undefined });
  return state;
}
