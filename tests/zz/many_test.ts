import { openWorld } from "../session/recovery/_world.ts";
Deno.test("many", async () => {
  const world = await openWorld({ recovery: { replay: { maxTokens: 100 } } });
  const { session, clock } = world;
  for (let i = 0; i < 1200; i++) session.send({ type: "conversation.item.create", item: { type: "message", role: "user", content: [{ type: "input_text", text: "m" + i }] } });
  await clock.advance(1000);
  Deno.writeTextFileSync("/tmp/m4_out", JSON.stringify([session.conversation.getSnapshot().length])+"\n", {append: true});
  for (let k = 0; k < 3; k++) {
    world.server().fault({ type: "drop" });
    await clock.advance(10_000);
    const last = world.events.at(-1) as any;
    Deno.writeTextFileSync("/tmp/m4_out", JSON.stringify([last.type, last.lost.length, last.restored.length, last.lost[0]])+"\n", {append: true});
  }
  await world.end();
});
