// This module is browser compatible.
import { decodeFrame } from "../../_internal/text/decode_frame.ts";
import type { Clock } from "../../_internal/clock.ts";
import { SHUTDOWN_REASON } from "../../_internal/close_reason.ts";
import { parseJson } from "../../_internal/text/parse_json.ts";
import { at, numberAt, stringAt } from "../../_internal/wire.ts";
import { pauseUnlessAborted } from "../../_internal/timeout.ts";
import type { Socket, SocketEnd, SocketListener } from "../../transport/socket.ts";
import { onPageHide } from "../_call/page_hide.ts";
import type { RelayConnectionState } from "../relay_connection_state.ts";
import { Heartbeat } from "./heartbeat.ts";

/** Codes of a broken connection, as opposed to those of an ended session. */
const BROKEN: ReadonlySet<number> = new Set([1001, 1005, 1006, 1012]);
/** Pause before another attempt to reconnect, in milliseconds. */
const RETRY_MS = 500;

/** Dependencies of a resuming socket. */
export interface ResumingSocketParts {
  /** Opens a socket to the relay, unless `signal` is aborted; `query` is added to its address. */
  readonly open: (query: Readonly<Record<string, string>>, signal: AbortSignal) => Promise<Socket>;
  readonly clock: Clock;
  readonly onConnection: (state: RelayConnectionState) => void;
}

/**
 * A socket to a relay that reconnects when its connection breaks, as long as the relay waits for it. No event of the
 * server or the page is lost meanwhile, except the user's voice, which would arrive too late.
 */
export class ResumingSocket implements Socket {
  readonly #parts: ResumingSocketParts;
  #socket: Socket;
  #listener: SocketListener | undefined;
  #token: string | undefined;
  #resumeMs = 0;
  #lastEventId: string | undefined;
  /** Messages that wait for the reconnection; `undefined` while the page is connected. */
  #waiting: string[] | undefined;
  /** Aborted when the page closes the socket, or gives up reconnecting. */
  readonly #stop = new AbortController();
  #cancelDeadline = (): void => {};
  readonly #heartbeat: Heartbeat;
  /** Gives up the current connection. */
  #drop = (): void => {};
  /** The relay would wait for a page that is closed. One that the browser keeps may return, and resume. */
  readonly #stopWatching = onPageHide(({ persisted }) => persisted || this.close(1000, "The page was closed"));

  private constructor(socket: Socket, parts: ResumingSocketParts) {
    this.#socket = socket;
    this.#parts = parts;
    this.#heartbeat = new Heartbeat(parts.clock);
  }

  /** Opens the first connection. */
  static async open(parts: ResumingSocketParts, signal: AbortSignal): Promise<ResumingSocket> {
    return new ResumingSocket(await parts.open({ heartbeat: "1" }, signal), parts);
  }

  get bufferedAmount(): number {
    return this.#socket.bufferedAmount;
  }

  send(data: string): void {
    if (!this.#waiting) this.#socket.send(data);
    else if (!/"type"\s*:\s*"(?:input_audio_buffer|session\.input_audio)\.append"/.test(data)) this.#waiting.push(data);
  }

  close(code?: number, reason?: string): void {
    this.#stopWatching();
    this.#heartbeat.stop();
    this.#stop.abort();
    this.#socket.close(code, reason);
    if (this.#waiting) this.#end({ code: code ?? 1000, reason: reason ?? "" });
  }

  listen(listener: SocketListener): void {
    this.#listener = listener;
    this.#follow(this.#socket);
  }

  #follow(socket: Socket): void {
    this.#socket = socket;
    let isOver = false;
    const close = (info: SocketEnd) => {
      if (isOver) return;
      isOver = true;
      this.#heartbeat.stop();
      this.#closed(info);
    };
    this.#drop = () => {
      // The browser reports the close of a dead connection late.
      close({ code: 1006, reason: "The relay is silent" });
      socket.close();
    };
    socket.listen({ message: (data) => isOver || this.#receive(data), close });
  }

  #receive(data: string | Uint8Array): void {
    this.#heartbeat.heard();
    const frame = decodeFrame(data);
    const type = /"type"\s*:\s*"relay\.(\w+)"/.exec(frame)?.[1];
    const event = type && parseJson(frame);
    // The words of a conversation may also contain the name of such an event.
    if (type && stringAt(event, "type") === `relay.${type}`) return this.#greet(type, event);
    this.#lastEventId = /"event_id"\s*:\s*"([^"]*)"/.exec(frame)?.[1] ?? this.#lastEventId;
    this.#listener?.message(data);
  }

  /** Handles events of the relay that are meant for the page itself. */
  #greet(type: string, event: unknown): void {
    if (type === "ping") return this.#socket.send(`{"type":"relay.pong"}`);
    this.#token = stringAt(event, "relay", "resume_token") ?? this.#token;
    this.#resumeMs = numberAt(event, "relay", "resume_ms");
    this.#heartbeat.start(numberAt(event, "relay", "heartbeat_ms"), this.#drop);
    if (type !== "resumed") return;
    const waiting = this.#waiting ?? [];
    this.#waiting = undefined;
    this.#cancelDeadline();
    for (const frame of waiting) this.#socket.send(frame);
    this.#parts.onConnection({ state: "connected", missed: at(event, "relay", "missed") === true });
  }

  #closed(info: SocketEnd): void {
    const isOver = this.#stop.signal.aborted || this.#token === undefined || this.#resumeMs <= 0;
    if (isOver || !BROKEN.has(info.code) || info.reason === SHUTDOWN_REASON) return this.#end(info);
    const isFirst = !this.#waiting;
    if (isFirst) {
      this.#waiting = [];
      this.#cancelDeadline = this.#parts.clock.schedule(() => this.#giveUp(info), this.#resumeMs);
      this.#parts.onConnection({ state: "interrupted", missed: false });
    }
    void this.#return(isFirst ? 0 : RETRY_MS);
  }

  /** Reconnects; the relay then sends `relay.resumed`. */
  async #return(pauseMs: number): Promise<void> {
    const { clock, open } = this.#parts;
    const { signal } = this.#stop;
    for (let waitMs = pauseMs;; waitMs = RETRY_MS) {
      if (waitMs > 0) await pauseUnlessAborted(waitMs, clock, signal);
      if (signal.aborted) return;
      try {
        const query = { heartbeat: "1", resume: this.#token ?? "" };
        const socket = await open(this.#lastEventId ? { ...query, last_event_id: this.#lastEventId } : query, signal);
        return signal.aborted ? socket.close(1000) : this.#follow(socket);
      } catch {
        // A page does not learn the reason. The next attempt may succeed, until the time is over.
      }
    }
  }

  /** The relay no longer waits. */
  #giveUp(info: SocketEnd): void {
    this.#stop.abort();
    this.#socket.close(1000);
    this.#end(info);
  }

  #end(info: SocketEnd): void {
    this.#stopWatching();
    this.#cancelDeadline();
    this.#listener?.close(info);
    this.#listener = undefined;
  }
}
