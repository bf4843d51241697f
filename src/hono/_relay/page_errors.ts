import { addBounded } from "../../_internal/add_bounded.ts";
import { isRecord, stringAt, type WireEvent } from "../../_internal/wire.ts";
import { genericError } from "../_view/page_view.ts";

/** How many ids of events are remembered. */
const MAX_IDS = 512;

/** Errors that are about a page's own events, by their code, also where the API does not say which event it was. */
const OF_THE_PAGE: ReadonlySet<string> = new Set([
  "cannot_update_voice",
  "conversation_already_has_active_response",
  "decimal_above_max_value",
  "decimal_below_min_value",
  "input_audio_buffer_commit_empty",
  "integer_above_max_value",
  "integer_below_min_value",
  "invalid_audio",
  "invalid_type",
  "invalid_value",
  "item_create_invalid_item_id",
  "item_delete_invalid_item_id",
  "item_not_found",
  "item_retrieve_invalid_item_id",
  "item_truncate_invalid_item_id",
  "missing_required_parameter",
  "response_cancel_not_active",
  "unknown_parameter",
]);

/** Decides which errors of the API a page gets to see in its words: those about what the page itself has sent. */
export class PageErrors {
  readonly #serversIds = new Set<string>();

  /** Takes note of the id of an event that the server itself has sent. */
  fromServer(eventId: string | undefined): void {
    if (eventId !== undefined) addBounded(this.#serversIds, eventId, MAX_IDS);
  }

  /** What the page sees of an error: the same event, one without words, or `undefined` when it is not its own. */
  view(event: WireEvent): WireEvent | undefined {
    const eventId = stringAt(event, "error", "event_id") ?? stringAt(event, "client_event_id");
    if (eventId !== undefined && this.#serversIds.has(eventId)) return undefined;
    if (!isRecord(event.error)) return undefined;
    const isRequestError = event.error.type === "invalid_request_error";
    // Nobody else sends events over this connection: an id that is not the server's is the page's.
    const isPages = eventId !== undefined || OF_THE_PAGE.has(stringAt(event, "error", "code") ?? "");
    return isRequestError && isPages ? event : { ...event, error: genericError(event.error) };
  }
}
