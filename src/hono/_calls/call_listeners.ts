import { type StripSecrets, withoutSecrets } from "../../_internal/strip_secrets.ts";
import { logFailure } from "../_app/log_error.ts";
import type { Settings } from "../_app/settings.ts";
import type { RealtimeContext } from "../realtime_env.ts";

/** Listeners of a call. */
export interface CallListeners {
  /** The request that the call began with, if a function of the host receives it. */
  readonly c: RealtimeContext | undefined;
  /** Reports failures. */
  readonly report: (error: unknown) => void;
}

/**
 * Creates the listeners of a call. A request takes much memory, calls are long and numerous: a call keeps its request
 * only when the host listens.
 */
export function callListeners(c: RealtimeContext, settings: Settings, strip: StripSecrets): CallListeners {
  return settings.hasListeners ? hostListeners(c, settings) : ownListeners(c.get("requestId"), strip);
}

function hostListeners(c: RealtimeContext, { onError }: Settings): CallListeners {
  return { c, report: (error) => onError(error, c) };
}

function ownListeners(requestId: string, strip: StripSecrets): CallListeners {
  return { c: undefined, report: (error) => logFailure(requestId, withoutSecrets(error, strip)) };
}
