import { addBounded } from "../../_internal/add_bounded.ts";
import { isRecord, stringAt, type WireEvent } from "../../_internal/wire.ts";
import { genericError } from "../_view/page_view.ts";

/** Number of event ids remembered. */
const MAX_IDS = 512;

/** Codes of errors that concern a page's own events, even if the API does not name the event. */
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

/** Whether an error that names no event is probably about an event of a page. */
export function isAboutPage(event: unknown): boolean {
  return OF_THE_PAGE.has(stringAt(event, "error", "code") ?? "");
}

/** Decides which errors of the API are shown to a page verbatim: those about its own events. */
export class PageErrors {
  readonly #serversIds = new Set<string>();

  /** Records the id of an event that the server itself has sent. */
  fromServer(eventId: string | undefined): void {
    if (eventId !== undefined) addBounded(this.#serversIds, eventId, MAX_IDS);
  }

  /**
   * The page's view of an error: the same event, one with a generic message, or `undefined` when it does not concern
   * the page.
   */
  view(event: WireEvent): WireEvent | undefined {
    const eventId = stringAt(event, "error", "event_id") ?? stringAt(event, "client_event_id") ??
      stringAt(event, "error", "client_event_id");
    if (eventId !== undefined && this.#serversIds.has(eventId)) return undefined;
    if (!isRecord(event.error)) return undefined;
    const isRequestError = event.error.type === "invalid_request_error";
    // No one else uses this connection: an id that is not the server's is the page's.
    const isPages = eventId !== undefined || isAboutPage(event);
    return isRequestError && isPages ? event : { ...event, error: genericError(event.error) };
  }
}
