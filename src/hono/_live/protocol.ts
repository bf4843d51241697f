import { randomId } from "../../_internal/ids.ts";
import { stringAt, toApiError, toWireEvent, type WireEvent } from "../../_internal/wire.ts";
import { parseLiveServerEvent, safeParseLiveClientEvent, stringifyLiveClientEvent } from "../../protocol/mod.ts";
import { type ClientFrames, framesBy } from "../_relay/client_frames.ts";
import type { SessionStart } from "../_relay/policy_start.ts";
import type { RelayProtocol } from "../_relay/relay_protocol.ts";

/** Parses frames of a page. */
export const LIVE_FRAMES: ClientFrames = framesBy((frame) => safeParseLiveClientEvent(frame));

/** The events of the Live API. It has none that cancels a response of the backend. */
export const LIVE_PROTOCOL: RelayProtocol = {
  write: (event) => stringifyLiveClientEvent(event as never),
  complain(code, message, { event, param }) {
    const name = stringAt(event, "event_id");
    const named = name === undefined ? {} : { client_event_id: name };
    const error = { type: "invalid_request_error", code, message, param: param ?? null, ...named };
    return { type: "error", event_id: randomId("event"), error, ...named };
  },
};

/** Parses a frame of the API. */
export function readLive(frame: string): WireEvent | undefined {
  return toWireEvent(parseLiveServerEvent(frame));
}

/** The start of a Live session: the page starts it, with the settings inserted by the filter. */
export class LiveStart implements SessionStart {
  readonly frame = undefined;
  readonly eventId = undefined;
  readonly #others: WireEvent[] = [];

  read(frame: string): WireEvent | undefined {
    return readLive(frame);
  }

  take(event: WireEvent | undefined): readonly WireEvent[] | undefined {
    if (event?.type === "error") throw toApiError(event);
    if (event?.type === "session.started") return [event, ...this.#others];
    if (event) this.#others.push(event);
    return undefined;
  }
}
