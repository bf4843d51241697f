import { addBounded } from "../../_internal/add_bounded.ts";
import type { Clock } from "../../_internal/clock.ts";
import { evictOldest } from "../../_internal/evict_oldest.ts";
import { randomId } from "../../_internal/ids.ts";
import { at, isRecord, stringAt, type WireEvent } from "../../_internal/wire.ts";
import { inheritedConfig } from "../../_tools/inherited_config.ts";
import type { ServerEvent } from "./server_items.ts";

/** Number of requests and responses remembered. */
const MAX_IDS = 512;

/** Error code of a response rejected because another one is active. */
const BUSY = "conversation_already_has_active_response";

/** Time that the API has to begin its answer to a turn of the user, in milliseconds. */
const TURN_ANSWER_MS = 2_000;

/** The requested settings of a response. */
type Settings = Readonly<Record<string, unknown>>;

/** A requested response. */
interface Request {
  readonly settings: Settings;
  /** Whether it reads, and answers, the items of the conversation. */
  readonly readsConversation: boolean;
}

/** Options of {@linkcode ServerResponses}. */
export interface ServerResponsesOptions {
  /** Sends an event to the API. */
  readonly send: (event: ServerEvent) => void;
  /** Source of time. */
  readonly clock: Clock;
}

/** Tracks the responses of a relay, and requests those that continue after tool outputs. */
export class ServerResponses {
  readonly #options: ServerResponsesOptions;
  readonly #active = new Set<string>();
  /** Requests whose response has not begun, by the ids of their events. */
  readonly #asked = new Map<string, Request>();
  /** The server's own requests among them, and those that were answered or rejected. */
  readonly #own = new Map<string, Settings>();
  /** Settings of the responses that were requested with some. */
  readonly #settings = new Map<string, Settings>();
  /** Out-of-band responses. */
  readonly #outside = new Set<string>();
  /** The settings of the follow-up that waits until both sides are silent. */
  #owed: Settings | undefined;
  /** Whether the user speaks, or the API may be about to answer. */
  #isUsersTurn = false;
  /** Stops waiting for the API's answer. */
  #cancelAnswer: (() => void) | undefined;
  #echoesMetadata = false;
  #count = 0;

  constructor(options: ServerResponsesOptions) {
    this.#options = options;
  }

  /** Whether the model neither speaks nor is about to. */
  get isIdle(): boolean {
    return this.#active.size === 0 && this.#asked.size === 0 && !this.#owed;
  }

  /** Whether neither side speaks, or is about to. */
  get isFree(): boolean {
    return this.isIdle && !this.#isUsersTurn;
  }

  /** Number of responses that have begun, and that read the items of the conversation. */
  get count(): number {
    return this.#count;
  }

  /** Whether a response is out-of-band. */
  isOutside(responseId: string): boolean {
    return this.#outside.has(responseId);
  }

  /** Records that the page has requested a response. */
  asked(event: WireEvent): void {
    const settings = isRecord(event.response) ? event.response : {};
    const readsConversation = settings.input === undefined;
    this.#remember(stringAt(event, "event_id") ?? randomId("event"), { settings, readsConversation });
  }

  /**
   * Requests a response to the items that were added to the conversation, once neither side speaks. It has the settings
   * of the response that it continues, like a follow-up of a session.
   */
  followUp(responseId: string): void {
    const settings = inheritedConfig(this.#settings.get(responseId) ?? {}) as Settings;
    if (this.isFree) this.request(settings);
    else this.#owed ??= settings;
  }

  /** Requests a response immediately. A filler does not read the items of the conversation. */
  request(settings: object, { isFiller = false } = {}): void {
    const response = settings as Settings;
    const event_id = randomId("event");
    if (!isFiller) this.#own.set(event_id, response);
    evictOldest(this.#own, MAX_IDS);
    this.#remember(event_id, { settings: response, readsConversation: !isFiller });
    this.#options.send({ type: "response.create", event_id, ...Object.keys(response).length > 0 && { response } });
  }

  /** Processes the beginning of a response. */
  created(event: WireEvent): void {
    const responseId = stringAt(event, "response", "id") ?? "";
    const eventId = this.#requestOf(event.response);
    const { readsConversation, settings } = this.#asked.get(eventId ?? "") ?? { settings: {}, readsConversation: true };
    this.#asked.delete(eventId ?? "");
    this.#settings.delete(responseId);
    if (Object.keys(settings).length > 0) this.#settings.set(responseId, settings);
    evictOldest(this.#settings, MAX_IDS);
    this.#active.add(responseId);
    if (at(event, "response", "conversation_id") === null) addBounded(this.#outside, responseId, MAX_IDS);
    else if (readsConversation) {
      this.#count++;
      // It reads the items that the follow-up would have read.
      this.#owed = undefined;
      this.#endTurn();
    }
  }

  /** The user has begun to speak. */
  userSpeaks(): void {
    this.#endTurn();
    this.#isUsersTurn = true;
  }

  /** The user has stopped: the API has some time to answer. */
  userStopped(): void {
    if (!this.#isUsersTurn) return;
    this.#cancelAnswer?.();
    this.#cancelAnswer = this.#options.clock.schedule(() => this.userLeft(), TURN_ANSWER_MS);
  }

  /** The turn of the user has ended without an answer. */
  userLeft(): void {
    this.#endTurn();
    this.#payFollowUp();
  }

  /** Records an interruption: a follow-up that was to be requested is void. */
  interrupted(): void {
    this.#owed = undefined;
  }

  /** Stops all timers. */
  close(): void {
    this.#cancelAnswer?.();
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

  #endTurn(): void {
    this.#isUsersTurn = false;
    this.#cancelAnswer?.();
    this.#cancelAnswer = undefined;
  }

  #remember(eventId: string, request: Request): void {
    this.#asked.set(eventId, request);
    evictOldest(this.#asked, MAX_IDS);
  }

  /**
   * The request that a response answers: the one with its metadata, if the server echoes them; otherwise the oldest.
   * Both or neither are out-of-band, where the server reports it.
   */
  #requestOf(response: unknown): string | undefined {
    const conversationId = at(response, "conversation_id");
    const wanted = spell(at(response, "metadata"));
    const asked = [...this.#asked].filter(([, { settings }]) =>
      conversationId === undefined || (settings.conversation === "none") === (conversationId === null)
    );
    const [exact] = asked.find(([, { settings }]) => spell(settings.metadata) === wanted) ?? [];
    if (exact !== undefined && wanted !== "") this.#echoesMetadata = true;
    return exact ?? (this.#echoesMetadata ? undefined : asked[0]?.[0]);
  }

  #payFollowUp(): void {
    if (!this.#owed || this.#isUsersTurn || this.#active.size > 0 || this.#asked.size > 0) return;
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
