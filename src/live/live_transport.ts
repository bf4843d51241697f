// This module is browser compatible.
import type { LiveIncomingEvent, LiveOutgoingEvent } from "../protocol/mod.ts";
import type { SendOptions, Transport } from "../transport/mod.ts";

/**
 * Options of {@linkcode LiveTransport.send}.
 *
 * @category Live
 */
export type LiveSendOptions = SendOptions;

/**
 * One connection to a Live server: events out, events in.
 *
 * @category Live
 */
export type LiveTransport = Transport<LiveOutgoingEvent, LiveIncomingEvent>;
