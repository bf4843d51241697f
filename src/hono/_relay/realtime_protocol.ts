import { randomId } from "../../_internal/ids.ts";
import { stringifyClientEvent } from "../../protocol/mod.ts";
import { complaint } from "./own_events.ts";
import type { OwnEvent, RelayProtocol } from "./relay_protocol.ts";

/** The events of the Realtime API. */
export const REALTIME_PROTOCOL: RelayProtocol = {
  write: (event) => stringifyClientEvent(event as never),
  complain: complaint,
  cancel: (responseId) => ({
    type: "response.cancel",
    event_id: randomId("event"),
    response_id: responseId,
  } as OwnEvent),
};
