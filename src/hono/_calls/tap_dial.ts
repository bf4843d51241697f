import { decodeFrame } from "../../_internal/text/decode_frame.ts";
import type { SocketEnd } from "../../transport/mod.ts";
import type { Dial, Socket } from "../../transport/mod.ts";

/** A listener of a connection to a call. */
export interface Tap {
  /** Called when a connection has opened. */
  opened(): void;
  /** Called with each frame. */
  frame(text: string): void;
  /** Called when the connection has ended. `byUs` means that this side has closed it. */
  ended(close: SocketEnd, byUs: boolean): void;
}

/** A dialer whose connections report their events to a listener first. */
export function tapDial(dial: Dial, tap: Tap): Dial {
  return async (request) => tapSocket(await dial(request), tap);
}

/** Wraps a socket so that its events are reported to a listener first. */
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
          // An abandoned connection may still deliver frames after its replacement.
          if (!byUs) tap.frame(decodeFrame(data));
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
