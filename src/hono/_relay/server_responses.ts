import { addBounded } from "../../_internal/add_bounded.ts";
import { evictOldest } from "../../_internal/evict_oldest.ts";
import { randomId } from "../../_internal/ids.ts";
import { at, isRecord, stringAt, type WireEvent } from "../../_internal/wire.ts";
import { inheritedConfig } from "../../_tools/inherited_config.ts";
import type { ServerEvent } from "./server_items.ts";

/** Number of requests and responses remembered. */
const MAX_IDS = 512;

/** Error code of a response rejected because another one is active. */
const BUSY = "conversation_already_has_active_response";

/** The requested settings of a response. */
type Settings = Readonly<Record<string, unknown>>;

/** Tracks the responses of a relay, and requests those that continue after tool outputs. */
export class ServerResponses {
  readonly #send: (event: ServerEvent) => void;
  readonly #active = new Set<string>();
  /** Requests whose response has not begun, by the ids of their events. */
  readonly #asked = new Map<string, Settings>();
  /** The server's own requests among them, and those that were answered or rejected. */
  readonly #own = new Map<string, Settings>();
  /** Settings of the responses that were requested with some. */
  readonly #settings = new Map<string, Settings>();
  /** Out-of-band responses. */
  readonly #outside = new Set<string>();
  /** The settings of the follow-up that waits until both sides are silent. */
  #owed: Settings | undefined;
  #echoesMetadata = false;
  #count = 0;

  constructor(send: (event: ServerEvent) => void) {
    this.#send = send;
  }

  /** Whether the model neither speaks nor is about to. */
  get isIdle(): boolean {
    return this.#active.size === 0 && this.#asked.size === 0 && !this.#owed;
  }

  /** Number of responses of the conversation that have begun. */
  get count(): number {
    return this.#count;
  }

  /** Whether a response is out-of-band. */
  isOutside(responseId: string): boolean {
    return this.#outside.has(responseId);
  }

  /** Records that the page has requested a response. */
  asked(event: WireEvent): void {
    this.#remember(stringAt(event, "event_id") ?? randomId("event"), isRecord(event.response) ? event.response : {});
  }

  /**
   * Requests a response to the items that were added to the conversation, once neither side speaks. It has the settings of
   * the response that it continues, like a follow-up of a session.
   */
  followUp(responseId: string): void {
    const settings = inheritedConfig(this.#settings.get(responseId) ?? {}) as Settings;
    if (this.isIdle) this.request(settings);
    else this.#owed ??= settings;
  }

  /** Requests a response immediately. */
  request(settings: object): void {
    const response = settings as Settings;
    const event_id = randomId("event");
    this.#own.set(event_id, response);
    evictOldest(this.#own, MAX_IDS);
    this.#remember(event_id, response);
    this.#send({ type: "response.create", event_id, ...Object.keys(response).length > 0 && { response } });
  }

  /** Processes the beginning of a response. */
  created(event: WireEvent): void {
    const responseId = stringAt(event, "response", "id") ?? "";
    const eventId = this.#requestOf(at(event, "response", "metadata"));
    const settings = eventId === undefined ? {} : this.#asked.get(eventId)!;
    if (eventId !== undefined) this.#asked.delete(eventId);
    this.#settings.delete(responseId);
    if (Object.keys(settings).length > 0) this.#settings.set(responseId, settings);
    evictOldest(this.#settings, MAX_IDS);
    this.#active.add(responseId);
    if (at(event, "response", "conversation_id") === null) addBounded(this.#outside, responseId, MAX_IDS);
    else {
      this.#count++;
      // It reads the items that the follow-up would have read.
      this.#owed = undefined;
    }
  }

  /** Processes the end of a response. */
  done(responseId: string): void {
    this.#active.delete(responseId);
    this.#payFollowUp();
  }

  /** Processes an error; returns whether it concerns a response requested by the server. */
  failed(event: WireEvent): boolean {
    const eventId = stringAt(event, "error", "event_id");
    const isBusy = stringAt(event, "error", "code") === BUSY;
    // An error without an event id may concern this request: repeating it too early does no harm.
    const [first] = this.#asked.keys();
    const refused = eventId ?? first;
    if (refused !== undefined) this.#asked.delete(refused);
    const own = eventId === undefined ? undefined : this.#own.get(eventId);
    const isOwn = own !== undefined && this.#own.delete(eventId!);
    if (isOwn && isBusy) {
      // The response taken for the answer was started by another party.
      for (const [responseId, settings] of this.#settings) if (settings === own) this.#settings.delete(responseId);
      this.#owed ??= own;
    }
    this.#payFollowUp();
    return isOwn;
  }

  #remember(eventId: string, settings: Settings): void {
    this.#asked.set(eventId, settings);
    evictOldest(this.#asked, MAX_IDS);
  }

  /**
   * The request that a response with this metadata answers, as the server echoes metadata; otherwise the oldest
   * request.
   */
  #requestOf(metadata: unknown): string | undefined {
    const wanted = spell(metadata);
    const [first] = this.#asked.keys();
    const [exact] = [...this.#asked].find(([, settings]) => spell(settings.metadata) === wanted) ?? [];
    if (exact !== undefined && wanted !== "") this.#echoesMetadata = true;
    return exact ?? (this.#echoesMetadata ? undefined : first);
  }

  #payFollowUp(): void {
    if (!this.#owed || this.#active.size > 0 || this.#asked.size > 0) return;
    const settings = this.#owed;
    this.#owed = undefined;
    this.request(settings);
  }
}

/** Metadata in a canonical order; empty for none. */
function spell(metadata: unknown): string {
  if (!isRecord(metadata)) return "";
  return Object.entries(metadata).map((pair) => JSON.stringify(pair)).toSorted().join();
}
