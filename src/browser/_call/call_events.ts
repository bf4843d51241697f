// This module is browser compatible.
import type { Clock } from "../../_internal/clock.ts";
import { pauseUnlessAborted } from "../../_internal/timeout.ts";
import { ConnectionError } from "../../errors.ts";
import type { Socket, SocketEnd, SocketListener } from "../../transport/socket.ts";
import { callRoute } from "../_app_route.ts";
import { EventStreamParser } from "./event_stream_parser.ts";
import type { PeerCall } from "./peer_call.ts";
import { type FetchLike, TOKEN_HEADER, type ViaAppOptions } from "../exchange_sdp.ts";

/** Pauses before the events are requested again, in milliseconds, by the number of consecutive failures. */
const RETRY_MS = [250, 500, 1000, 2000, 4000];

/** Options of {@linkcode CallEvents}. */
export interface CallEventsOptions extends Pick<ViaAppOptions, "credentials" | "fetch" | "headers"> {
  readonly clock: Clock;
  /** Ends the call. */
  end(info: SocketEnd): void;
  /** Inspects each frame, before the listener. */
  onFrame(frame: string): void;
  /** The stream has broken, so that events may be missing or late. */
  onBroken(): void;
}

/**
 * The events of a call that the server controls, which the edge app streams at `GET /calls/:id/events`: a socket that
 * cannot send. A broken stream is requested again from its last position; the call continues meanwhile.
 */
export class CallEvents implements Socket {
  readonly bufferedAmount = 0;
  readonly #call: PeerCall;
  readonly #options: CallEventsOptions;
  readonly #stop = new AbortController();
  #lastEventId = "";
  /** Attempts since the last event. */
  #failures = 0;

  constructor(call: PeerCall, options: CallEventsOptions) {
    this.#call = call;
    this.#options = options;
  }

  send(): void {
    throw new TypeError("Cannot send over a call that the server controls: the page may only listen");
  }

  close(): void {
    this.#options.end({ code: 1000, reason: "" });
  }

  listen(listener: SocketListener): void {
    void this.#call.closed.then((info) => {
      this.#stop.abort();
      listener.close(info);
    });
    void this.#read(listener);
  }

  async #read(listener: SocketListener): Promise<void> {
    const { signal } = this.#stop;
    while (!signal.aborted) {
      try {
        await this.#readOnce(listener, signal);
      } catch (error) {
        if (signal.aborted) return;
        if (error instanceof ConnectionError && isFinal(error.status)) return console.error(error);
      } finally {
        this.#options.onBroken();
      }
      const waitMs = RETRY_MS[Math.min(this.#failures++, RETRY_MS.length - 1)]!;
      await pauseUnlessAborted(waitMs, this.#options.clock, signal);
    }
  }

  async #readOnce(listener: SocketListener, signal: AbortSignal): Promise<void> {
    const { credentials = "same-origin", fetch = globalThis.fetch as FetchLike, headers } = this.#options;
    const { callId = "", callToken = "", url = "" } = this.#call.answer ?? {};
    const address = callRoute(url, callId, "events");
    const response = await fetch(address, {
      credentials,
      headers: {
        ...typeof headers === "function" ? await headers() : headers,
        "Accept": "text/event-stream",
        [TOKEN_HEADER]: callToken,
        ...this.#lastEventId && { "Last-Event-ID": this.#lastEventId },
      },
      signal,
    });
    const { body, ok, status } = response;
    const isStream = response.headers.get("content-type")?.startsWith("text/event-stream");
    if (!ok || !body || !isStream) {
      throw new ConnectionError(
        `Cannot read the events of the call as the app has not streamed them: status ${status}`,
        {
          kind: "refused",
          status,
          url: address,
        },
      );
    }
    const parser = new EventStreamParser();
    const reader = body.pipeThrough(new TextDecoderStream()).getReader();
    for (let next = await reader.read(); !next.done; next = await reader.read()) {
      for (const { data, id } of parser.push(next.value)) {
        this.#failures = 0;
        this.#lastEventId = id;
        if (!data) continue;
        this.#options.onFrame(data);
        listener.message(data);
      }
    }
  }
}

/** Whether the app does not know the call, or does not stream events: a retry cannot help. */
function isFinal(status = 500): boolean {
  return status < 500 && status !== 408 && status !== 429;
}
