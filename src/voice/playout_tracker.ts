// This module is browser compatible.

/** Differences in milliseconds that come from rounding alone. */
const ROUNDING_MS = 1e-6;

/** How many finished items are remembered. */
const MAX_FINISHED = 64;

/** What is known of the audio of one item. Times are milliseconds of audio, with fractions. */
export interface PlaybackItem {
  /** Id of the assistant message. */
  readonly itemId: string;
  /** Id of the response that speaks it. */
  readonly responseId: string;
  /** Index of the content part that carries the audio. */
  readonly contentIndex: number;
  /** Audio that has arrived. */
  readonly receivedMs: number;
  /** Audio that was heard; never more than has arrived. */
  readonly heardMs: number;
  /** Whether all of its audio has arrived. */
  readonly complete: boolean;
  /** Whether it was cut short; what arrives of it afterwards is stale. */
  readonly cut: boolean;
}

/**
 * What must be done about an item that is cut short: `"truncate"` it where it was heard, `"delete"` it since none of it
 * was, or the same as soon as it is done (`"discard"`), since the server refuses to touch it before.
 */
export type CutAction = "truncate" | "delete" | "discard";

/** One item that was cut short. */
export interface Cut {
  /** Id of the assistant message. */
  readonly itemId: string;
  /** Id of the response that speaks it. */
  readonly responseId: string;
  /** Index of the content part that carries the audio. */
  readonly contentIndex: number;
  /** Audio that was heard, in whole milliseconds. */
  readonly heardMs: number;
  /** Audio that had arrived, in whole milliseconds. */
  readonly receivedMs: number;
  /** What must be done about it. */
  readonly action: CutAction;
}

interface Entry {
  readonly itemId: string;
  readonly responseId: string;
  readonly contentIndex: number;
  receivedMs: number;
  heardMs: number;
  complete: boolean;
  cut: boolean;
}

/**
 * Keeps, for each item that speaks, how much of its audio has arrived and how much was heard. The server sends audio
 * faster than it is heard, so only this tells where an interruption cuts. Pure: whoever plays the audio notes progress,
 * by what was added ({@linkcode advance}) or by what it comes to ({@linkcode report}).
 */
export class PlaybackLedger {
  readonly #entries = new Map<string, Entry>();
  readonly #sync: () => void;

  /** Makes an empty ledger; `sync` is called before every look at it, to report progress up to now. */
  constructor(sync: () => void = () => {}) {
    this.#sync = sync;
  }

  /** Every item that is remembered, in the order in which they are heard. */
  get items(): readonly PlaybackItem[] {
    this.#sync();
    return [...this.#entries.values()].map((entry) => ({ ...entry }));
  }

  /** Audio that has arrived, is not cut and was not heard yet, in milliseconds. */
  get unheardMs(): number {
    this.#sync();
    return this.#playable().reduce((sum, entry) => sum + entry.receivedMs - entry.heardMs, 0);
  }

  /** What is known of one item. */
  get(itemId: string): PlaybackItem | undefined {
    this.#sync();
    const entry = this.#entries.get(itemId);
    return entry && { ...entry };
  }

  /** Notes that an item has begun, before any of its audio. Does nothing for an item that is known. */
  begin(item: Pick<PlaybackItem, "itemId" | "responseId" | "contentIndex">): void {
    if (this.#entries.has(item.itemId)) return;
    const { itemId, responseId, contentIndex } = item;
    this.#entries.set(itemId, {
      itemId,
      responseId,
      contentIndex,
      receivedMs: 0,
      heardMs: 0,
      complete: false,
      cut: false,
    });
    this.#forgetOldest();
  }

  /** Notes that audio of an item has arrived. */
  receive(itemId: string, ms: number): void {
    const entry = this.#entries.get(itemId);
    if (entry && !entry.cut) entry.receivedMs += ms;
  }

  /** Notes that all audio of an item, or of a response, has arrived. */
  complete(id: string): void {
    for (const entry of this.#entries.values()) {
      if (entry.itemId === id || entry.responseId === id) entry.complete = true;
    }
  }

  /** Notes that `ms` more milliseconds of an item were heard. */
  advance(itemId: string, ms: number): void {
    this.#hear(itemId, (entry) => entry.heardMs + ms);
  }

  /**
   * Notes how many milliseconds of an item were heard so far, as a player knows it. Never goes back, and never beyond what
   * has arrived; less than a millisecond short of that counts as all of it.
   *
   * @throws {RangeError} when `heardMs` is negative or not finite.
   */
  report(itemId: string, heardMs: number): void {
    if (!(heardMs >= 0 && heardMs < Infinity)) {
      throw new RangeError(`Cannot report playback as heardMs must be >= 0: current value is ${heardMs}`);
    }
    // A player may count whole milliseconds.
    this.#hear(itemId, (entry) => heardMs + 1 > entry.receivedMs ? Infinity : Math.max(heardMs, entry.heardMs));
  }

  /**
   * Cuts every item that still has something unheard, in order: audio that has arrived, or that the server may still have
   * to send.
   */
  cut(): readonly Cut[] {
    this.#sync();
    return this.#playable().filter((entry) => !wasHeard(entry)).map((entry) => {
      entry.cut = true;
      // What comes next may have no name either, and must be heard.
      this.#entries.delete("");
      const { itemId, responseId, contentIndex } = entry;
      const heardMs = Math.floor(entry.heardMs + ROUNDING_MS);
      const action = heardMs > 0 ? "truncate" : entry.complete ? "delete" : "discard";
      return {
        itemId,
        responseId,
        contentIndex,
        heardMs,
        receivedMs: Math.floor(entry.receivedMs + ROUNDING_MS),
        action,
      };
    });
  }

  #hear(itemId: string, next: (entry: Entry) => number): void {
    const entry = this.#entries.get(itemId);
    if (entry && !entry.cut) entry.heardMs = Math.min(next(entry), entry.receivedMs);
  }

  #playable(): Entry[] {
    return [...this.#entries.values()].filter((entry) => !entry.cut);
  }

  #forgetOldest(): void {
    const finished = [...this.#entries.values()].filter((entry) => entry.cut || wasHeard(entry));
    if (finished.length > MAX_FINISHED) this.#entries.delete(finished[0]!.itemId);
  }
}

/** Whether nothing of an item is, or will be, left to hear. */
function wasHeard({ complete, heardMs, receivedMs }: Entry): boolean {
  return complete && heardMs + ROUNDING_MS >= receivedMs;
}
