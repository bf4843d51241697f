import type { Clock } from "../../_internal/clock.ts";
import type { Socket, SocketListener } from "../../transport/mod.ts";
import type { UsageMeter } from "../_quotas/usage_meter.ts";
import { LingeringSocket } from "./lingering_socket.ts";

/** Options of a {@linkcode RealtimeSocket}. */
export interface RealtimeSocketOptions {
  /** Source of time. */
  readonly clock: Clock;
  /** The meter of the relay, which knows what is in progress. */
  readonly meter: UsageMeter;
  /** Called with a frame that arrives after the relay has ended. */
  readonly onLastWord: (frame: string) => void;
}

/** Audio that has not been committed yet must not begin anything either. */
const CLEAR = JSON.stringify({ type: "input_audio_buffer.clear" });

/**
 * The relay's connection to the Realtime API. Before it is closed, responses in progress are cancelled, and
 * transcriptions awaited: their usage would not count if a page always left before their end.
 */
export class RealtimeSocket extends LingeringSocket {
  readonly #options: RealtimeSocketOptions;

  constructor(socket: Socket, options: RealtimeSocketOptions) {
    super(socket, options.clock);
    this.#options = options;
  }

  protected override farewells(): readonly string[] {
    const { meter } = this.#options;
    return meter.isSettled ? [] : [CLEAR, ...meter.running.map(cancelOf)];
  }

  protected override received(frame: string, listener: SocketListener): void {
    listener.message(frame);
  }

  protected override lastWord(frame: string): boolean {
    const { meter, onLastWord } = this.#options;
    const before = meter.running;
    onLastWord(frame);
    // One that the page or a turn has requested before may begin only now.
    for (const id of meter.running) if (!before.includes(id)) this.send(cancelOf(id));
    return meter.isSettled;
  }
}

function cancelOf(responseId: string): string {
  return JSON.stringify({ type: "response.cancel", response_id: responseId });
}
