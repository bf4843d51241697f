import { addBounded } from "../../_internal/add_bounded.ts";
import { randomId } from "../../_internal/ids.ts";
import { at, stringAt, type WireEvent } from "../../_internal/wire.ts";
import type { ServerEvent } from "./server_items.ts";

/** How many requests, and responses, are remembered. */
const MAX_IDS = 512;

/** Code of the refusal of a response, as another one is going on. */
const BUSY = "conversation_already_has_active_response";

/** Follows the responses of a relay, and asks for those that go on from what tools gave. */
export class ServerResponses {
  readonly #send: (event: ServerEvent) => void;
  readonly #active = new Set<string>();
  /** Ids of requests whose response has not begun. */
  readonly #asked = new Set<string>();
  readonly #own = new Set<string>();
  /** Responses whose outputs have no place in the conversation. */
  readonly #outside = new Set<string>();
  #owesFollowUp = false;
  #count = 0;

  constructor(send: (event: ServerEvent) => void) {
    this.#send = send;
  }

  /** Whether the model speaks or is about to. */
  get isIdle(): boolean {
    return this.#active.size === 0 && this.#asked.size === 0 && !this.#owesFollowUp;
  }

  /** How many responses of the conversation have begun. */
  get count(): number {
    return this.#count;
  }

  /** Whether a response is one outside the conversation. */
  isOutside(responseId: string): boolean {
    return this.#outside.has(responseId);
  }

  /** Notes that the page has asked for a response. */
  asked(event: WireEvent): void {
    addBounded(this.#asked, stringAt(event, "event_id") ?? randomId("event"), MAX_IDS);
  }

  /** Requests a response to the items that were added to the conversation, once neither side speaks. */
  followUp(): void {
    this.#owesFollowUp = !this.isIdle;
    if (!this.#owesFollowUp) this.request();
  }

  /** Asks for a response at once. */
  request(response?: object): void {
    const event_id = randomId("event");
    addBounded(this.#own, event_id, MAX_IDS);
    addBounded(this.#asked, event_id, MAX_IDS);
    this.#send({ type: "response.create", event_id, ...response && { response } });
  }

  /** Takes the beginning of a response. */
  created(event: WireEvent): void {
    const responseId = stringAt(event, "response", "id") ?? "";
    const [first] = this.#asked;
    if (first !== undefined) this.#asked.delete(first);
    this.#active.add(responseId);
    if (at(event, "response", "conversation_id") === null) addBounded(this.#outside, responseId, MAX_IDS);
    else this.#count++;
  }

  /** Takes the end of a response. */
  done(responseId: string): void {
    this.#active.delete(responseId);
    this.#payFollowUp();
  }

  /** Takes an error; tells whether it is about a response that the server asked for. */
  failed(event: WireEvent): boolean {
    const eventId = stringAt(event, "error", "event_id");
    const isBusy = stringAt(event, "error", "code") === BUSY;
    // An error that does not say what it is about may be about this: to ask too early does no harm.
    const [first] = this.#asked;
    const refused = eventId ?? first;
    if (refused !== undefined) this.#asked.delete(refused);
    const isOwn = eventId !== undefined && this.#own.delete(eventId);
    if (isOwn && isBusy) this.#owesFollowUp = true;
    this.#payFollowUp();
    return isOwn;
  }

  #payFollowUp(): void {
    if (!this.#owesFollowUp || this.#active.size > 0 || this.#asked.size > 0) return;
    this.#owesFollowUp = false;
    this.request();
  }
}
