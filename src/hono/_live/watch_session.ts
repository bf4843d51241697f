import { liveUrl } from "../../_internal/live/live_target.ts";
import { pauseUnlessAborted, withTimeout } from "../../_internal/timeout.ts";
import { ConnectionError } from "../../errors.ts";
import { realtimeHeaders, type Socket, type SocketEnd } from "../../transport/mod.ts";
import type { FollowedSession, SidebandNews } from "../_calls/sideband.ts";
import { tapDial } from "../_calls/tap_dial.ts";
import { traced, type WatchOptions } from "../_calls/watch_call.ts";
import { withoutSafetyIdentifier } from "./live_api.ts";

/** Pause before the first reconnection, in milliseconds; it doubles with each attempt, up to the maximum. */
const FIRST_PAUSE_MS = 250;
const MAX_PAUSE_MS = 8_000;

/** Attaches to a session as a listener; resolves when attached. After a drop it attaches again. It sends nothing. */
export async function watchLiveCall(
  sessionId: string,
  { active, settings, upstream }: WatchOptions,
): Promise<void> {
  const { clock, timeoutMs } = settings;
  const target = withoutSafetyIdentifier(upstream.target);
  const sideband = active.addSideband({ isOwn: true });
  const dial = tapDial(traced(settings.dial, upstream.traceparent), sideband);
  const url = liveUrl(target, `/${sessionId}/attach`, { graceful_close: "true" });
  const open = () =>
    withTimeout(async (signal) => {
      const socket = await dial({ url, headers: await realtimeHeaders(target), protocols: [], signal });
      if (signal.aborted) socket.close(1000);
      return socket;
    }, { what: "attach to a session", timeoutMs, clock });
  try {
    sideband.follow(new WatchedLine(await open(), { clock, open, tell: (news) => sideband.told(news) }));
  } catch (error) {
    sideband.failed();
    throw error;
  }
  active.watched();
  // It may have ended while this connection was opened.
  if (active.hasEnded) sideband.close();
}

/** Options of a {@linkcode WatchedLine}. */
interface WatchedLineParts {
  readonly clock: WatchOptions["settings"]["clock"];
  /** Opens another connection. */
  readonly open: () => Promise<Socket>;
  readonly tell: (news: SidebandNews) => void;
}

/** A listening connection to a session, and its replacements after a drop: no state has to be restored. */
class WatchedLine implements FollowedSession {
  state: FollowedSession["state"] = "open";
  readonly closed: Promise<{ readonly clean: boolean }>;
  readonly #parts: WatchedLineParts;
  readonly #end = Promise.withResolvers<{ readonly clean: boolean }>();
  #socket: Socket | undefined;
  readonly #closing = new AbortController();

  constructor(socket: Socket, parts: WatchedLineParts) {
    this.#parts = parts;
    this.closed = this.#end.promise;
    this.#listen(socket);
  }

  get #isClosing(): boolean {
    return this.#closing.signal.aborted;
  }

  close(): Promise<unknown> {
    this.#closing.abort();
    this.#socket?.close(1000);
    this.#finish(true);
    return this.closed;
  }

  #listen(socket: Socket): void {
    this.#socket = socket;
    this.state = "open";
    socket.listen({ message: () => {}, close: (end) => this.#ended(end) });
  }

  #ended({ code }: SocketEnd): void {
    this.#socket = undefined;
    // The API closes connections to a finished session with 1000.
    if (this.#isClosing || code === 1000) return this.#finish(this.#isClosing);
    void this.#return();
  }

  async #return(): Promise<void> {
    const { clock, open, tell } = this.#parts;
    const droppedMs = clock.now();
    this.state = "reconnecting";
    tell({ type: "reconnecting" });
    for (let pauseMs = FIRST_PAUSE_MS; !this.#isClosing; pauseMs = Math.min(MAX_PAUSE_MS, pauseMs * 2)) {
      await pauseUnlessAborted(pauseMs, clock, this.#closing.signal);
      if (this.#isClosing) return;
      try {
        const socket = await open();
        if (this.#isClosing) return socket.close(1000);
        this.#listen(socket);
        return tell({ type: "recovered", gapMs: clock.now() - droppedMs });
      } catch (cause) {
        const isOver = cause instanceof ConnectionError && cause.status === 404;
        tell({ type: "recovery_failed", cause });
        if (isOver) return this.#finish(false);
      }
    }
  }

  #finish(clean: boolean): void {
    this.state = "closed";
    this.#end.resolve({ clean });
  }
}
