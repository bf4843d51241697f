import { addBounded } from "../../_internal/add_bounded.ts";
import { evictOldest } from "../../_internal/evict_oldest.ts";
import { at, isRecord, stringAt, type WireEvent } from "../../_internal/wire.ts";
import { costOf, type PriceTable, type UsageLine, usageLines } from "../../session/mod.ts";
import type { SessionUsage } from "../edge_event.ts";
import type { Spent } from "./quotas.ts";

/** Number of responses and transcriptions remembered, so that none is counted twice. */
const MAX_SEEN = 1024;

/** The usage that an event adds to a session. */
export interface Used extends Spent {
  /** Whether a response has begun. */
  readonly isResponse: boolean;
}

/** Meters the usage of a session. */
export interface Meter {
  /** The total so far. */
  readonly total: SessionUsage;
  /** Processes an event; returns the added usage, or `undefined` for none. */
  take(event: WireEvent): Used | undefined;
}

/** Meters a session by its events, in any order and with repetitions. */
export class UsageMeter implements Meter {
  readonly #prices: PriceTable | undefined;
  readonly #seen = new Set<string>();
  readonly #running = new Set<string>();
  /** Items whose transcription has begun, and has not ended, with its model: the settings may change meanwhile. */
  readonly #transcribing = new Map<string, string | undefined>();
  readonly #lines = new Map<string, UsageLine>();
  #session: unknown;
  #responses = 0;

  /** @param session its initial settings, of which the models count. */
  constructor(session: unknown, prices: PriceTable | undefined) {
    this.#session = session;
    this.#prices = prices;
  }

  /** The total so far. */
  get total(): SessionUsage {
    const lines = [...this.#lines.values()];
    return { lines, responses: this.#responses, ...this.#sum(lines) };
  }

  /** Ids of the responses that have begun, and whose usage is not known yet. */
  get running(): readonly string[] {
    return [...this.#running];
  }

  /** Whether the usage of all responses and transcriptions that have begun is known. */
  get isSettled(): boolean {
    return this.#running.size + this.#transcribing.size === 0;
  }

  /** Processes an event; returns the added usage, or `undefined` for none. */
  take(event: WireEvent): Used | undefined {
    switch (event.type) {
      case "session.created":
      case "session.updated":
        if (isRecord(event.session)) this.#session = { ...this.#session as object, ...event.session };
        return undefined;
      case "response.created":
        return this.#begin(stringAt(event, "response", "id"));
      case "response.done": {
        const id = stringAt(event, "response", "id");
        // A server without ids has already reported its beginning.
        const begun = id === undefined ? undefined : this.#begin(id);
        this.#running.delete(id ?? "");
        if (this.#isNew("done", id)) {
          return this.#add(at(event, "response", "usage"), stringAt(this.#session, "model"), begun !== undefined);
        }
        return begun;
      }
      case "input_audio_buffer.committed":
        if (this.#transcription) {
          this.#transcribing.set(stringAt(event, "item_id") ?? "", stringAt(this.#transcription, "model"));
          evictOldest(this.#transcribing, MAX_SEEN);
        }
        return undefined;
      case "conversation.item.input_audio_transcription.failed":
        this.#transcribing.delete(stringAt(event, "item_id") ?? "");
        return undefined;
      case "conversation.item.input_audio_transcription.completed": {
        const id = stringAt(event, "item_id") ?? "";
        const model = this.#transcribing.get(id) ?? stringAt(this.#transcription, "model");
        this.#transcribing.delete(id);
        if (!this.#isNew("words", `${id} ${at(event, "content_index")}`)) return undefined;
        return this.#add(event.usage, model, false);
      }
    }
  }

  /** The settings of the transcription of input; absent if there is none. */
  get #transcription(): unknown {
    return at(this.#session, "audio", "input", "transcription");
  }

  #begin(id: string | undefined): Used | undefined {
    if (id !== undefined && !this.#isNew("begun", id)) return undefined;
    if (id !== undefined) addBounded(this.#running, id, MAX_SEEN);
    this.#responses++;
    return { isResponse: true, tokens: 0, cost: this.#prices && 0 };
  }

  #add(usage: unknown, model = "", isResponse: boolean): Used {
    const lines = usageLines(usage, model);
    for (const line of lines) {
      const key = `${line.model} ${line.direction} ${line.modality} ${line.cached}`;
      const { seconds = 0, tokens = 0 } = this.#lines.get(key) ?? {};
      this.#lines.set(key, { ...line, tokens: tokens + line.tokens, seconds: seconds + line.seconds });
    }
    return { isResponse, ...this.#sum(lines) };
  }

  #sum(lines: readonly UsageLine[]): Spent {
    const tokens = lines.reduce((sum, { tokens }) => sum + tokens, 0);
    return { tokens, cost: this.#prices && costOf(lines, this.#prices) };
  }

  /** Events of servers without ids always count. */
  #isNew(what: string, id: string | undefined): boolean {
    if (id === undefined) return true;
    const key = `${what} ${id}`;
    if (this.#seen.has(key)) return false;
    addBounded(this.#seen, key, MAX_SEEN);
    return true;
  }
}
