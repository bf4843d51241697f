import type { SocketEnd } from "../../transport/mod.ts";
import type { Dial, Socket } from "../../transport/mod.ts";

/** Those who listen in on a connection to a call. */
export interface Tap {
  /** A connection is listened in on from now on. */
  opened(): void;
  /** A frame has come. */
  frame(text: string): void;
  /** The connection has ended. `byUs`: this side has closed it before. */
  ended(close: SocketEnd, byUs: boolean): void;
}

/** A dialer whose connections report their events to a listener first. */
export function tapDial(dial: Dial, tap: Tap): Dial {
  return async (request) => tapSocket(await dial(request), tap);
}

/** A socket that is listened in on. */
function tapSocket(socket: Socket, tap: Tap): Socket {
  let byUs = false;
  return {
    get bufferedAmount() {
      return socket.bufferedAmount;
    },
    send: (data) => socket.send(data),
    close(code, reason) {
      byUs = true;
      socket.close(code, reason);
    },
    listen({ close, message }) {
      tap.opened();
      socket.listen({
        message(data) {
          // A connection that was given up may have something to say when another one has taken its place.
          if (!byUs) tap.frame(typeof data === "string" ? data : new TextDecoder().decode(data));
          message(data);
        },
        close(info) {
          tap.ended(info, byUs);
          close(info);
        },
      });
    },
  };
}
