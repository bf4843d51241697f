import { assertEquals } from "@std/assert";
import { Session } from "../../src/session/mod.ts";
import { oddServerEvents } from "../protocol/_odd_events.ts";
import { FakeServer } from "./_fake_server.ts";

/** A session, and whether it has ended. */
function start() {
  const server = new FakeServer();
  const failures: string[] = [];
  const session = new Session(server.transport, {
    clock: server.clock,
    // The session has no tools, so that a call of one is the model's fault, and is answered.
    onUnhandled: (error, { type }) => {
      if (type !== "tool_call_failed") failures.push(`${type}: ${error}`);
    },
    onMcpApproval: () => true,
    limits: { idleMs: 1e9 },
  });
  const state = { server, session, failures, hasEnded: false };
  void session.closed.finally(() => state.hasEnded = true);
  return state;
}

Deno.test("a session and its parts survive every server event with one field missing, null or of another type", async () => {
  let state = start();
  const fatal: string[] = [];
  for (const odd of oddServerEvents()) {
    state.server.emit(odd);
    await state.server.settle();
    state.session.conversation.getSnapshot();
    if (!state.hasEnded && state.failures.length === 0) continue;
    fatal.push(`${JSON.stringify(odd)} ${state.failures}`);
    state = start();
  }
  assertEquals(fatal, []);
  await state.session.close();
});
