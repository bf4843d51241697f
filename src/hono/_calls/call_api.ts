import { toWireEvent, type WireEvent } from "../../_internal/wire.ts";
import { parseServerEvent } from "../../protocol/mod.ts";
import type { PriceTable } from "../../session/mod.ts";
import type { Upstream } from "../_app/upstream.ts";
import { type Meter, UsageMeter } from "../_quotas/usage_meter.ts";
import type { PageView } from "../_view/page_view.ts";
import { hangUp } from "./hang_up.ts";

/** Properties of calls that depend on their API. */
export interface CallApi {
  /** Longest duration of a call in milliseconds, with a margin for its beginning. */
  readonly longestMs: number;
  /** Its name in events; `undefined` for the Realtime API. */
  readonly product: "live" | undefined;
  /** Filters events for pages; `undefined` for the filter that results from the app's options. */
  readonly view: PageView | undefined;
  /** Parses a frame of the API. */
  read(frame: string): WireEvent | undefined;
  /** Creates a meter of a call's usage. */
  createMeter(session: unknown, prices: PriceTable | undefined): Meter;
  /**
   * Creates a function that hangs a call up, without references to anything else; a call that is already over counts as
   * success. It does not end with the request: a page that hangs up is often about to leave.
   */
  toHangUp(callId: string, upstream: Upstream): () => Promise<void>;
}

/** A session of the Realtime API ends after an hour. */
const REALTIME_CALL_MS = 3_900_000;

/** The calls of the Realtime API. */
export const REALTIME_CALLS: CallApi = {
  longestMs: REALTIME_CALL_MS,
  product: undefined,
  view: undefined,
  read: (frame) => toWireEvent(parseServerEvent(frame)),
  createMeter: (session, prices) => new UsageMeter(session, prices),
  toHangUp: (callId, { onBehalf, rest }) => () => hangUp(callId, rest, onBehalf),
};
