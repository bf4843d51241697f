import { addBounded } from "../../_internal/add_bounded.ts";
import type { Clock } from "../../_internal/clock.ts";
import { randomId } from "../../_internal/ids.ts";
import { isRecord, stringAt } from "../../_internal/wire.ts";
import type { Socket, SocketEnd, SocketListener } from "../../transport/mod.ts";
import { LingeringSocket } from "../_sockets/lingering_socket.ts";
import { isAboutPage } from "../_relay/page_errors.ts";

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
export class ApiSocket extends LingeringSocket {
  readonly #options: ApiSocketOptions;
  readonly #serversIds = new Set<string>();
  #observer: Socket | undefined;
  #hasStarted = false;

  constructor(socket: Socket, options: ApiSocketOptions) {
    super(socket, options.clock);
    this.#options = options;
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
        if (!this.isClosing) this.send(JSON.stringify({ ...isRecord(event) && event, event_id: id }));
      },
      close: () => {
        this.#observer = undefined;
      },
    });
  }

  protected override farewells(): readonly string[] {
    return this.#hasStarted ? [JSON.stringify({ type: "session.close" })] : [];
  }

  protected override received(frame: string, listener: SocketListener): void {
    if (this.#observe(frame).isPages) listener.message(frame);
  }

  protected override lastWord(frame: string): boolean {
    this.#options.onLastWord(frame);
    return this.#observe(frame).type === "session.closed";
  }

  protected override closed({ code }: SocketEnd): void {
    this.#observer?.close(code === 1000 ? 1000 : 1011);
  }

  /** Shows a frame to the server, unless it is about the page's events only; returns whether the page may see it. */
  #observe(frame: string): { readonly type: string | undefined; readonly isPages: boolean } {
    const [, name] = /"type"\s*:\s*"(session\.started|session\.closed|error)"/.exec(frame) ?? [];
    const event = name === undefined ? undefined : parse(frame);
    const type = stringAt(event, "type");
    if (type === "session.started") {
      this.#hasStarted = true;
      this.#options.onStarted(stringAt(event, "session", "id") ?? "");
    }
    const isError = type === "error";
    const about = isError
      ? stringAt(event, "client_event_id") ?? stringAt(event, "error", "client_event_id")
      : undefined;
    // Each side gets the errors about its own events: those of the server are not disclosed to the page.
    const isServers = about !== undefined && this.#serversIds.has(about);
    const isPagesOnly = isError && (about === undefined ? isAboutPage(event) : !isServers);
    if (!isPagesOnly) this.#observer?.send(frame);
    return { type, isPages: !isServers };
  }
}

function parse(frame: string): unknown {
  try {
    return JSON.parse(frame);
  } catch {
    return undefined;
  }
}
