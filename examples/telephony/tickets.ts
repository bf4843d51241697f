import type { RealtimeStore } from "@oai-rt/edge/hono";

/** Lifetime of a ticket, in milliseconds: a provider opens its stream immediately. */
const TICKET_MS = 60_000;

/** A call that was announced. */
export interface AnnouncedCall {
  /** The provider's id of the call. */
  readonly callSid: string;
  /** The caller's number; `undefined` when it is withheld, or no number. */
  readonly from: string | undefined;
}

/** Options of {@linkcode Tickets}. */
export interface TicketsOptions {
  /** Calls at a time. */
  readonly maxCalls: number;
  /** Maximum duration of a call, in milliseconds. */
  readonly maxCallMs: number;
}

/**
 * Tickets for streams: one for each announced call, valid for one stream. A recorded address of a stream cannot open
 * another one. The number of concurrent calls is limited, too.
 */
export class Tickets {
  readonly #store: RealtimeStore;
  readonly #options: TicketsOptions;

  constructor(store: RealtimeStore, options: TicketsOptions) {
    this.#store = store;
    this.#options = options;
  }

  /**
   * Returns the ticket of a call: the same when the call is announced again, as providers do after a missing response.
   *
   * @returns `undefined` when there are too many calls, or its ticket was used.
   */
  async issue(call: AnnouncedCall): Promise<string | undefined> {
    const { maxCalls } = this.#options;
    const given = await this.#store.get(`ticket of ${call.callSid}`);
    if (given !== null) return await this.#isUsed(given) ? undefined : given;
    if (!(await this.#store.hold("calls", call.callSid, { max: maxCalls, ttlMs: TICKET_MS })).ok) return undefined;
    const ticket = crypto.randomUUID();
    await this.#store.put(`ticket of ${call.callSid}`, ticket, { ttlMs: this.#options.maxCallMs + TICKET_MS });
    await this.#store.put(`ticket ${ticket}`, JSON.stringify(call), { ttlMs: TICKET_MS });
    return ticket;
  }

  /** Redeems a ticket, once; returns its call, `undefined` when it is invalid. */
  async take(ticket: string): Promise<AnnouncedCall | undefined> {
    const { maxCallMs, maxCalls } = this.#options;
    const stored = await this.#store.get(`ticket ${ticket}`);
    if (stored === null) return undefined;
    if (!(await this.#store.add(`uses of ${ticket}`, 1, { max: 1, ttlMs: TICKET_MS + maxCallMs })).ok) return undefined;
    const call: AnnouncedCall = JSON.parse(stored);
    const hold = await this.#store.hold("calls", call.callSid, { max: maxCalls, ttlMs: maxCallMs });
    return hold.ok ? call : undefined;
  }

  /** The call is over. */
  async end({ callSid }: AnnouncedCall): Promise<void> {
    await this.#store.release("calls", callSid);
  }

  async #isUsed(ticket: string): Promise<boolean> {
    return (await this.#store.add(`uses of ${ticket}`, 0, { ttlMs: TICKET_MS })).value > 0;
  }
}
