import type { PageSocket } from "./page_socket.ts";

/** A frame that was sent, and the id of its event. */
interface SentFrame {
  readonly eventId: string | undefined;
  readonly frame: string;
}

/**
 * The connection to a page, over successive sockets. If pages may reconnect, the last frames are kept, and those after
 * the last received event are sent again.
 */
export class PageLink {
  /** Limit of the kept characters; 0 for none. */
  readonly #maxKept: number;
  readonly #kept: SentFrame[] = [];
  #keptCharacters = 0;
  /** Characters not sent on any socket, and the number of their frames. */
  #unsentCharacters = 0;
  #unsentFrames = 0;
  #page: PageSocket | undefined;

  constructor(page: PageSocket, maxKept: number) {
    this.#page = page;
    this.#maxKept = maxKept;
  }

  /** The current socket, if there is one. */
  get page(): PageSocket | undefined {
    return this.#page;
  }

  /** Amount that waits for the page: in its socket, or for its reconnection. */
  get bufferedAmount(): number {
    return this.#page ? this.#page.bufferedAmount : this.#unsentCharacters;
  }

  /** Sends a frame, or keeps it until the page has reconnected. */
  send(frame: string, eventId?: string): void {
    if (this.#maxKept > 0) this.#keep({ frame, eventId });
    if (this.#page) return this.#page.send(frame);
    this.#unsentFrames++;
    this.#unsentCharacters += frame.length;
  }

  /** The page is disconnected from now on. */
  detach(): void {
    this.#page = undefined;
  }

  /**
   * The page uses another socket from now on, and has received everything up to an event. `greet` creates the first
   * frame; its argument tells whether events are missing because they were no longer kept.
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
