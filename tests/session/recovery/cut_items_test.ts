import { assert, assertEquals } from "@std/assert";
import type { Fault } from "../../../src/simulator/mod.ts";
import { defineTool } from "../../../src/tools/mod.ts";
import { called, scripted, written } from "../../simulator/_simulated_model.ts";
import { tone } from "../../simulator/_sound.ts";
import { encodeBase64, toBytes } from "../../../src/audio/mod.ts";
import { openWorld } from "./_world.ts";

Deno.test("a partial transcript is not replayed as complete, and its utterance is reported lost", async () => {
  const createModel = () => ({ hear: () => "Do not delete that, please.", reply: () => ({ outputs: [] }) });
  const { clock, end, events, server, session } = await openWorld(
    { turnDetection: null, session: { audio: { input: { transcription: { model: "gpt-4o-transcribe" } } } } },
    { createModel },
  );
  server().fault({ type: "drop", at: "conversation.item.input_audio_transcription.delta", skip: 2 });
  session.appendAudio(toBytes(tone(1000)));
  const committing = session.commitAudio();
  await clock.advance(10_000);
  const itemId = await committing;
  const [entry] = session.conversation.getSnapshot();
  assert(entry!.text !== "" && entry!.text !== "Do not delete that, please.", entry!.text);
  const recovered = events.at(-1);
  assert(recovered?.type === "recovered");
  assertEquals(recovered.restored, []);
  assertEquals(recovered.lost.map(({ id, kind }) => [kind, id]), [["utterance", itemId]]);
  assertEquals(server().items, []);
  await end();
});

Deno.test("a message whose speech has no transcript is reported lost, although it has text, too", async () => {
  const { clock, end, events, server, session, until } = await openWorld();
  const audio = encodeBase64(toBytes(tone(200)));
  const ask = { type: "input_text", text: "What does this mean?" } as const;
  const spoken = (transcript?: string) =>
    until(session.addItem({
      type: "message",
      role: "user",
      content: [ask, { type: "input_audio", audio, ...transcript && { transcript } }],
    }));
  const lost = await spoken();
  const restored = await spoken("Carpe diem.");
  server().fault({ type: "drop" });
  await clock.advance(10_000);
  const recovered = events.at(-1);
  assert(recovered?.type === "recovered");
  assertEquals([recovered.restored, recovered.lost.map(({ id, kind }) => [kind, id])], [
    [restored],
    [["utterance", lost]],
  ]);
  const [item, ...others] = server().items as unknown as readonly { readonly content: readonly unknown[] }[];
  assertEquals([item!.content, others], [[ask, { type: "input_text", text: "Carpe diem." }], []]);
  await end();
});

/** Drops the connection during a call; returns the items of the next connection, and the outcome of the call. */
async function cutCall(fault: Omit<Extract<Fault, { type: "drop" }>, "type">) {
  let runs = 0;
  const model = scripted([called("look_up", { name: "Ada" })], [written("Done.")]);
  const { clock, end, events, server, session } = await openWorld(
    { tools: [defineTool({ name: "look_up", run: () => `${++runs}` })] },
    { createModel: model.createModel },
  );
  server().fault({ type: "drop", ...fault });
  const asking = session.ask("Who is it?");
  await clock.advance(10_000);
  await asking;
  const recovered = events.at(-1);
  assert(recovered?.type === "recovered");
  const items = server().items as unknown as readonly { readonly type: string; readonly arguments?: string }[];
  const exported = session.conversation.export();
  await end();
  return { exported, items, recovered, runs };
}

Deno.test("a call with incomplete arguments is reported lost, and neither replayed nor exported", async () => {
  for (
    const fault of [
      { at: "conversation.item.added", skip: 1 },
      { at: "response.function_call_arguments.delta" },
      { at: "response.function_call_arguments.delta", skip: 2 },
      // All of them have arrived, but not their end, with which the tool would start.
      { at: "response.function_call_arguments.done" },
    ]
  ) {
    const { exported, items, recovered, runs } = await cutCall(fault);
    assertEquals([runs, items.map(({ type }) => type)], [0, ["message"]], JSON.stringify(fault));
    assertEquals(recovered.lost.map(({ kind }) => kind), ["response", "item"]);
    assertEquals(exported.map(({ type }) => type), ["message"]);
  }
});

Deno.test("a complete call is replayed before its output", async () => {
  for (const at of ["conversation.item.done", "response.output_item.done", "response.done"]) {
    const { items, recovered, runs } = await cutCall({ at, skip: at === "conversation.item.done" ? 1 : 0 });
    const types = items.map(({ type }) => type);
    assertEquals([runs, types.slice(0, 3)], [1, ["message", "function_call", "function_call_output"]], at);
    assertEquals(items[1]!.arguments, `{"name":"Ada"}`);
    assertEquals(recovered.lost.map(({ kind }) => kind), ["response"]);
  }
});
