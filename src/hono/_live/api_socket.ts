import { addBounded } from "../../_internal/add_bounded.ts";
import type { Clock } from "../../_internal/clock.ts";
import { randomId } from "../../_internal/ids.ts";
import { isRecord, stringAt } from "../../_internal/wire.ts";
import type { Socket, SocketListener } from "../../transport/mod.ts";
import { isAboutPage } from "../_relay/page_errors.ts";

/** Time that the API has for the final event, in milliseconds. */
const LAST_WORD_MS = 10_000;

/** Number of event ids of the server that are remembered. */
const MAX_IDS = 512;

/** Options of an {@linkcode ApiSocket}. */
export interface ApiSocketOptions {
  /** Source of time. */
  readonly clock: Clock;
  /** The session has started. */
  readonly onStarted: (sessionId: string) => void;
  /** Called with a frame that arrives after the relay has ended: the final event of the session. */
  readonly onLastWord: (frame: string) => void;
}

/**
 * The relay's connection to the Live API. The end is requested before the connection is closed, as the API reports the
 * usage only then. The server itself may use the connection to take part in the session.
 */
export class ApiSocket implements Socket {
  /** Resolves when the connection has ended. */
  readonly ended: Promise<void>;
  readonly #socket: Socket;
  readonly #options: ApiSocketOptions;
  readonly #end = Promise.withResolvers<void>();
  readonly #serversIds = new Set<string>();
  #observer: Socket | undefined;
  #hasStarted = false;
  #isClosing = false;
  #hasEnded = false;
  #cancelClose = (): void => {};

  constructor(socket: Socket, options: ApiSocketOptions) {
    this.#socket = socket;
    this.#options = options;
    this.ended = this.#end.promise;
  }

  get bufferedAmount(): number {
    return this.#socket.bufferedAmount;
  }

  send(frame: string): void {
    this.#socket.send(frame);
  }

  close(code?: number, reason?: string): void {
    if (this.#isClosing || this.#hasEnded) return;
    const close = () => this.#socket.close(code, reason);
    // First: on Workers it throws when another request asks for it, and is repeated.
    if (this.#hasStarted) this.#socket.send(JSON.stringify({ type: "session.close" }));
    else close();
    this.#isClosing = true;
    if (this.#hasStarted) this.#cancelClose = this.#options.clock.schedule(close, LAST_WORD_MS);
  }

  listen(listener: SocketListener): void {
    this.#socket.listen({
      message: (data) => this.#receive(typeof data === "string" ? data : new TextDecoder().decode(data), listener),
      close: (info) => {
        this.#hasEnded = true;
        this.#cancelClose();
        this.#observer?.close(info.code === 1000 ? 1000 : 1011);
        this.#end.resolve();
        listener.close(info);
      },
    });
  }

  /** Adds the server as an observer: `observer` is its end of a connection to this socket. */
  join(observer: Socket): void {
    this.#observer = observer;
    observer.listen({
      message: (data) => {
        const event = parse(String(data));
        // Without an id, errors about it would be taken for those of the page.
        const id = stringAt(event, "event_id") ?? randomId("ev");
        addBounded(this.#serversIds, id, MAX_IDS);
        if (!this.#isClosing) this.#socket.send(JSON.stringify({ ...isRecord(event) && event, event_id: id }));
      },
      close: () => {
        this.#observer = undefined;
      },
    });
  }

  #receive(frame: string, listener: SocketListener): void {
    const [, type] = /"type"\s*:\s*"(session\.started|session\.closed|error)"/.exec(frame) ?? [];
    const event = type === undefined ? undefined : parse(frame);
    if (stringAt(event, "type") === "session.started") {
      this.#hasStarted = true;
      this.#options.onStarted(stringAt(event, "session", "id") ?? "");
    }
    const isError = stringAt(event, "type") === "error";
    const name = isError
      ? stringAt(event, "client_event_id") ?? stringAt(event, "error", "client_event_id")
      : undefined;
    // Each side gets the errors about its own events: those of the server are not disclosed to the page.
    const isServers = name !== undefined && this.#serversIds.has(name);
    const isPages = isError && (name === undefined ? isAboutPage(event) : !isServers);
    if (!isPages) this.#observer?.send(frame);
    if (this.#isClosing) {
      this.#options.onLastWord(frame);
      if (stringAt(event, "type") === "session.closed") this.#socket.close(1000);
      return;
    }
    if (!isServers) listener.message(frame);
  }
}

function parse(frame: string): unknown {
  try {
    return JSON.parse(frame);
  } catch {
    return undefined;
  }
}
