import { assertEquals } from "@std/assert";
import { Session } from "../../src/session/mod.ts";
import { framesOf, itemFrames, type Json, placesOf, serverFrames } from "../protocol/_frames.ts";
import { FakeServer } from "./_fake_server.ts";

const ITEM_EVENTS = ["conversation.item.added", "conversation.item.done", "response.output_item.done"];

const items = framesOf(itemFrames).flatMap((item) =>
  ITEM_EVENTS.map((type) => ({ type, event_id: "event_1", response_id: "resp_1", item }) as unknown as Json)
);

const ODD = [null, "odd", 7, -1, 1e9, true, [], {}, [null], [[]], { type: 5 }];

/** A session, and whether it has ended. */
function start() {
  const server = new FakeServer();
  const session = new Session(server.transport, { clock: server.clock });
  const state = { server, session, hasEnded: false };
  void session.closed.finally(() => state.hasEnded = true);
  return state;
}

Deno.test("a session survives every server event with one field missing, null or of another type", async () => {
  let state = start();
  const fatal: string[] = [];
  for (const frame of [...framesOf(serverFrames), ...items]) {
    for (const { path, remove, replace } of placesOf(frame)) {
      if (path === "type") continue;
      for (const odd of [remove(), ...ODD.map(replace)]) {
        state.server.emit(odd);
        await state.server.settle();
        state.session.conversation.getSnapshot();
        if (!state.hasEnded) continue;
        fatal.push(JSON.stringify(odd));
        state = start();
      }
    }
  }
  assertEquals(fatal, []);
  await state.session.close();
});
