import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import { RealtimeApiError } from "../../../src/errors.ts";
import { Session } from "../../../src/session/mod.ts";
import { defineTool } from "../../../src/tools/mod.ts";
import { FakeServer, functionCallEvents, open } from "../_fake_server.ts";

function saying(name: string, text: string) {
  return defineTool({ name, run: () => text });
}

Deno.test("setTools() replaces all tools once the server confirms them", async () => {
  const { server, session } = await open({ tools: [saying("a", "old a"), saying("b", "old b")] });
  const hosted = { type: "mcp", server_label: "docs", server_url: "https://docs.example" } as const;
  const setting = session.setTools([saying("a", "new a"), hosted]);
  await server.settle();
  const { tools } = server.sent[0]!.session;
  assertEquals(tools.map(({ name, type }: { name?: string; type: string }) => name ?? type), ["a", "mcp"]);
  // Calls before the answer run with the old tools, calls right after it with the new.
  server.emit(
    ...functionCallEvents("resp_1", "call_1", "a"),
    { type: "session.updated", session: { type: "realtime" } },
    ...functionCallEvents("resp_1", "call_2", "a"),
    ...functionCallEvents("resp_1", "call_3", "b"),
  );
  await setting;
  await server.settle();
  const outputs = server.sentOf("conversation.item.create").map(({ item }) => [item.call_id, item.output]);
  assertEquals(Object.fromEntries(outputs), {
    call_1: "old a",
    call_2: "new a",
    call_3: '{"error":"There is no tool named b"}',
  });
});

Deno.test("setTools() keeps the tools when the server refuses the new ones", async () => {
  const { server, session } = await open({ tools: [saying("a", "old a")] });
  const setting = assertRejects(() => session.setTools([saying("a", "new a")]), RealtimeApiError);
  await server.settle();
  server.refuse(server.sent[0]!.event_id);
  await setting;
  server.emit(...functionCallEvents("resp_1", "call_1", "a"));
  await server.settle();
  assertEquals(server.last("conversation.item.create").item.output, "old a");
});

Deno.test("two tools of the same name are rejected", async () => {
  const tools = [saying("a", "1"), saying("a", "2")];
  assertThrows(() => new Session(new FakeServer().transport, { tools }), TypeError, "same name: a");
  const { server, session } = await open();
  await assertRejects(() => session.setTools(tools), TypeError, "same name: a");
  assertEquals(server.sent, []);
});

Deno.test("setTools() rejects two functions of the same name, whether local or not, and sends nothing", async () => {
  const { server, session } = await open();
  const ours = defineTool({ name: "sum", run: () => 0 });
  await assertRejects(
    () => session.setTools([ours, { type: "function", name: "sum", parameters: {} }]),
    TypeError,
    "same name: sum",
  );
  assertEquals(server.sent, []);
  await session.close();
});
