import { assertEquals } from "@std/assert";
import { Repeats } from "../../src/_internal/repeats.ts";
import { defineTool } from "../../src/tools/mod.ts";
import { acknowledgeItem, collect, functionCallEvents, open, responseDone } from "../session/_fake_server.ts";

const event = (event_id: unknown, type = "session.updated") => ({ type, event_id });

Deno.test("Repeats knows an event that comes again, however often", () => {
  const repeats = new Repeats();
  const seen = ["a", "b", "a", "c", "b", "a"].map((id) => repeats.has(event(id)));
  assertEquals(seen, [false, false, true, false, true, true]);
});

Deno.test("Repeats takes no event without an id for a repeat", () => {
  const repeats = new Repeats();
  for (const id of [undefined, null, "", 7]) {
    assertEquals([repeats.has(event(id)), repeats.has(event(id))], [false, false], String(id));
  }
});

Deno.test("Repeats makes nothing of ids once different events have had the same, be it constant or counted anew", () => {
  const types = ["session.created", "session.updated", "session.updated", "response.created", "session.created"];
  const constant = new Repeats();
  assertEquals(types.map((type) => constant.has(event("constant", type))), types.map(() => false));
  const response = ["response.created", "response.output_text.delta", "response.done"];
  const counted = new Repeats();
  const count = (types: readonly string[]) => types.map((type, index) => counted.has(event(`event_${index}`, type)));
  assertEquals([["session.created"], response, response].map(count).flat().includes(true), false);
});

Deno.test("Repeats remembers the last 64 events", () => {
  const repeats = new Repeats();
  const ids = Array.from({ length: 65 }, (_, index) => `event_${index}`);
  for (const id of ids) repeats.has(event(id));
  assertEquals(ids.slice(1).filter((id) => !repeats.has(event(id))), []);
  assertEquals(repeats.has(event(ids[0])), false);
});

Deno.test("an event that comes twice reaches every reader twice, and changes nothing the second time", async () => {
  let runs = 0;
  const { server, session } = await open({ tools: [defineTool({ name: "count", run: () => ++runs })] });
  const seen = collect(session, "response.output_item.done", "response.done", "brand.new");
  session.respond();
  await server.settle();
  server.create("resp_1");
  const usage = { total_tokens: 7, output_tokens: 7, output_token_details: { text_tokens: 7 } };
  const events = [...functionCallEvents("resp_1", "call_1", "count"), responseDone("resp_1", { usage })];
  const once = [...events, { type: "brand.new" }].map((event, index) => ({ event_id: `event_${index}`, ...event }));
  server.emit(...once.flatMap((event) => [event, event]));
  await server.settle();
  acknowledgeItem(server);
  await server.settle();
  assertEquals(seen.map(({ type }) => type), [
    "response.output_item.done",
    "response.output_item.done",
    "response.done",
    "response.done",
    "brand.new",
    "brand.new",
  ]);
  assertEquals([runs, session.usage.map(({ tokens }) => tokens)], [1, [7]]);
  assertEquals(server.sentOf("response.create").length, 2);
});
