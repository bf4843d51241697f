import type { PageSocket } from "./page_socket.ts";

/** A frame that was sent, and the id of its event. */
interface SentFrame {
  readonly eventId: string | undefined;
  readonly frame: string;
}

/**
 * The way to a page, over one socket after another. Where pages may come back, the last frames are kept, and sent again
 * after the one that the page saw last.
 */
export class PageLink {
  /** Characters that are kept; 0 for none. */
  readonly #maxKept: number;
  readonly #kept: SentFrame[] = [];
  #keptCharacters = 0;
  /** Characters that no socket has got, of how many of the last frames. */
  #unsentCharacters = 0;
  #unsentFrames = 0;
  #page: PageSocket | undefined;

  constructor(page: PageSocket, maxKept: number) {
    this.#page = page;
    this.#maxKept = maxKept;
  }

  /** The socket, when there is one. */
  get page(): PageSocket | undefined {
    return this.#page;
  }

  /** What waits for the page: in its socket, or for its return. */
  get bufferedAmount(): number {
    return this.#page ? this.#page.bufferedAmount : this.#unsentCharacters;
  }

  /** Sends a frame, or keeps it until the page is back. */
  send(frame: string, eventId?: string): void {
    if (this.#maxKept > 0) this.#keep({ frame, eventId });
    if (this.#page) return this.#page.send(frame);
    this.#unsentFrames++;
    this.#unsentCharacters += frame.length;
  }

  /** From now on there is no page. */
  detach(): void {
    this.#page = undefined;
  }

  /**
   * From now on the page is at another socket, and has seen everything until an event. `greet` makes the first frame; it
   * is told whether something is missing: an event that the page has not seen is not kept any more.
   */
  attach(page: PageSocket, greet: (isMissing: boolean) => string, lastEventId: string | undefined): void {
    this.#page?.close(4001, "The page is back on another connection");
    this.#page = page;
    const last = lastEventId === undefined ? -1 : this.#kept.findLastIndex(({ eventId }) => eventId === lastEventId);
    const first = last >= 0 ? last + 1 : this.#kept.length - this.#unsentFrames;
    page.send(greet(lastEventId !== undefined && last < 0));
    for (const { frame } of this.#kept.slice(Math.max(0, first))) page.send(frame);
    this.#unsentFrames = this.#unsentCharacters = 0;
  }

  #keep(sent: SentFrame): void {
    this.#kept.push(sent);
    this.#keptCharacters += sent.frame.length;
    while (this.#keptCharacters > this.#maxKept && this.#kept.length > 1) {
      this.#keptCharacters -= this.#kept.shift()!.frame.length;
    }
  }
}
