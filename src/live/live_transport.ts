// This module is browser compatible.
import type { LiveIncomingEvent, LiveOutgoingEvent } from "../protocol/mod.ts";
import type { SendOptions, Transport } from "../transport/mod.ts";

/**
 * Options of {@linkcode LiveTransport.send}.
 *
 * @category Options
 */
export type LiveSendOptions = SendOptions;

/**
 * One connection to a Live server: events out, events in.
 *
 * @category Options
 */
export interface LiveTransport extends
  AsyncDisposable,
  Pick<
    Transport<LiveOutgoingEvent, LiveIncomingEvent>,
    "url" | "send" | "events" | "bufferedAmount" | "closed" | "close"
  > {}
