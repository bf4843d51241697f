import type { Dial, SocketListener } from "../../src/transport/mod.ts";
import server from "../fixtures/frames/server_events.json" with { type: "json" };
import { heapBytes } from "./_heap.ts";

const { session } = server["session.created"].full;
const CREATED = JSON.stringify({ type: "session.created", event_id: "event_1", session });
const UPDATED = JSON.stringify({ type: "session.updated", event_id: "event_2", session });

/**
 * Dials the least of a server that opens a session: an object that says `session.created`, and `session.updated` to
 * whatever it gets. It keeps nothing but its listener.
 */
export const dialLeastServer: Dial = () => {
  let listener: SocketListener | undefined;
  const say = (frame: string) => queueMicrotask(() => listener?.message(frame));
  return Promise.resolve({
    bufferedAmount: 0,
    send: () => say(UPDATED),
    close: (code = 1000, reason = "") => queueMicrotask(() => listener?.close({ code, reason })),
    listen(newListener) {
      listener = newListener;
      say(CREATED);
    },
  });
};

/** An object that can be opened and closed. */
interface Closable {
  close(): Promise<unknown>;
}

/** Bytes per session when `count` idle sessions are open. */
export async function bytesOfEach(count: number, open: () => Promise<Closable>): Promise<number> {
  const openAll = (length: number) => Promise.all(Array.from({ length }, open));
  const closeAll = (sessions: readonly Closable[]) => Promise.all(sessions.map((session) => session.close()));
  // Memory of the first ones remains, mostly compiled code.
  await closeAll(await openAll(100));
  const before = await heapBytes();
  const sessions = await openAll(count);
  const after = await heapBytes();
  await closeAll(sessions);
  return (after - before) / count;
}
