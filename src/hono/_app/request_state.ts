import type { StripSecrets } from "../../_internal/strip_secrets.ts";
import type { RealtimeContext } from "../realtime_env.ts";

/** Internal state of a request. */
export interface RequestState {
  /** Removes the secrets used by the request from a text. */
  strip: StripSecrets;
  /** The header that identifies the span of the request to other services, if there is one. */
  traceparent: string | undefined;
  /** Code of the problem in its response. */
  problem: string | undefined;
}

/** Where the context keeps it: under a name that nothing of the host has. */
const STATE = Symbol("state of the edge app");

/** A context as this module sees it. */
interface Stated {
  get(key: typeof STATE): RequestState | undefined;
  set(key: typeof STATE, state: RequestState): void;
}

const asItIs: StripSecrets = (text) => text;

/** The state of a request, which lives as long as its context. */
export function stateOf(c: RealtimeContext): RequestState {
  const stated = c as unknown as Stated;
  const known = stated.get(STATE);
  if (known) return known;
  const state: RequestState = { strip: asItIs, traceparent: undefined, problem: undefined };
  stated.set(STATE, state);
  return state;
}
