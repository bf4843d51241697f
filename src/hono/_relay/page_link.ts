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
  /** How many of the kept frames have not been sent to any socket. */
  #unsent = 0;
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
    if (this.#page) return this.#page.bufferedAmount;
    return this.#kept.slice(this.#kept.length - this.#unsent).reduce((sum, { frame }) => sum + frame.length, 0);
  }

  /** Sends a frame, or keeps it until the page is back. */
  send(frame: string, eventId?: string): void {
    if (this.#maxKept > 0) this.#keep({ frame, eventId });
    if (this.#page) this.#page.send(frame);
    else this.#unsent++;
  }

  /** From now on there is no page. */
  detach(): void {
    this.#page = undefined;
    this.#unsent = 0;
  }

  /** From now on the page is at another socket, and has seen everything until an event. */
  attach(page: PageSocket, greeting: string, lastEventId: string | undefined): void {
    this.#page?.close(4001, "The page is back on another connection");
    this.#page = page;
    const last = lastEventId === undefined ? -1 : this.#kept.findLastIndex(({ eventId }) => eventId === lastEventId);
    const first = last >= 0 ? last + 1 : this.#kept.length - this.#unsent;
    this.#unsent = 0;
    page.send(greeting);
    for (const { frame } of this.#kept.slice(first)) page.send(frame);
  }

  #keep(sent: SentFrame): void {
    this.#kept.push(sent);
    this.#keptCharacters += sent.frame.length;
    while (this.#keptCharacters > this.#maxKept && this.#kept.length > 1) {
      this.#keptCharacters -= this.#kept.shift()!.frame.length;
    }
    this.#unsent = Math.min(this.#unsent, this.#kept.length);
  }
}
