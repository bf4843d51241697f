import { connectLive, type ConnectLiveOptions, type LiveEvent, type LiveSession } from "../../src/live/mod.ts";
import { createVirtualClock, type VirtualClock } from "../../src/simulator/mod.ts";
import type { Dial, SocketListener } from "../../src/transport/mod.ts";

/** An event as it is on the wire. */
export type Wire = Record<string, unknown> & { readonly type: string };

/** A socket whose server is the test. */
export interface ScriptedSocket {
  /** Events of the client. */
  readonly sent: Wire[];
  /** Whether the client has closed it. */
  isClosed: boolean;
  /** Sends an event of the server. */
  push(event: Wire): void;
}

/** The answer to `session.start`. */
export const STARTED: Wire = { type: "session.started", event_id: "event_1", session: { id: "live_1", model: "m" } };

/** Creates a dialer of sockets that `answer` serves: it returns the events that follow one of the client. */
export function scriptedDial(answer: (event: Wire) => readonly Wire[]): { dial: Dial; sockets: ScriptedSocket[] } {
  const sockets: ScriptedSocket[] = [];
  const dial: Dial = () => {
    let listener: SocketListener | undefined;
    const socket: ScriptedSocket = {
      sent: [],
      isClosed: false,
      push: (event) => socket.isClosed || listener?.message(JSON.stringify(event)),
    };
    sockets.push(socket);
    return Promise.resolve({
      bufferedAmount: 0,
      send(data) {
        const event = JSON.parse(data);
        socket.sent.push(event);
        queueMicrotask(() => answer(event).forEach(socket.push));
      },
      close(code = 1005, reason = "") {
        socket.isClosed = true;
        queueMicrotask(() => listener?.close({ code, reason }));
      },
      listen: (given) => void (listener = given),
    });
  };
  return { dial, sockets };
}

/** A session whose server is the test: it answers `session.start`, and nothing else by itself. */
export async function scriptedSession(
  options: Partial<ConnectLiveOptions> = {},
): Promise<{ session: LiveSession; socket: ScriptedSocket; clock: VirtualClock; told: LiveEvent[] }> {
  const clock = createVirtualClock();
  const { dial, sockets } = scriptedDial(({ type }) => type === "session.start" ? [STARTED] : []);
  const session = await connectLive({
    apiKey: "sk-test",
    dial,
    clock,
    keeper: false,
    onUnhandled: () => {},
    ...options,
  });
  const told: LiveEvent[] = [];
  session.on("*", (event) => told.push(event));
  return { session, socket: sockets[0]!, clock, told };
}
