import { toWireEvent, type WireEvent } from "../../_internal/wire.ts";
import { parseServerEvent } from "../../protocol/mod.ts";
import type { RestCallOptions } from "../../rest/mod.ts";
import type { PriceTable } from "../../session/mod.ts";
import type { Upstream } from "../_app/upstream.ts";
import { type Meter, UsageMeter } from "../_quotas/usage_meter.ts";
import type { PageView } from "../_view/page_view.ts";
import { hangUp } from "./hang_up.ts";

/** What calls have to know of the API that they are of. */
export interface CallApi {
  /** How long a call can last at most, in milliseconds, with a little more for its beginning. */
  readonly longestMs: number;
  /** Its name in events; `undefined` for the Realtime API. */
  readonly product: "live" | undefined;
  /** What a page sees of an event; `undefined` for what the app makes of its options. */
  readonly view: PageView | undefined;
  /** Reads a frame of the API. */
  read(frame: string): WireEvent | undefined;
  /** Counts what a call uses. */
  createMeter(session: unknown, prices: PriceTable | undefined): Meter;
  /** Makes what hangs a call up, without a hold on anything else; a call that is over is what was wanted. */
  toHangUp(callId: string, upstream: Upstream, options: RestCallOptions): () => Promise<void>;
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
  toHangUp: (callId, { rest }, options) => () => hangUp(callId, rest, options),
};
