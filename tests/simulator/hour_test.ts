import { assert, assertEquals, assertObjectMatch } from "@std/assert";
import { Client, typesOf } from "./_client.ts";
import { joined, silence, tone } from "./_sound.ts";

const MINUTE_MS = 60_000;
const TURN = joined(silence(320), tone(2000), silence(1000));

Deno.test("An hour of conversation at real-time pace takes seconds, and ends with code 1001", async () => {
  const client = await Client.open({
    pace: "realtime",
    scenario: {
      mcp: { docs: { tools: [{ name: "find", input_schema: {} }] } },
      turns: Array.from({ length: 60 }, (_, minute) => ({
        user: `This is minute ${minute}.`,
        responses: [{ outputs: [{ type: "message" as const, text: `It is minute ${minute}, and I am still here.` }] }],
      })),
      expect: [{ type: "session.update" }, { type: "input_audio_buffer.append" }, { type: "conversation.item.delete" }],
    },
  });
  const input = {
    transcription: { model: "gpt-realtime-whisper" },
    turn_detection: { type: "server_vad", idle_timeout_ms: 30_000, create_response: true },
  };
  await client.ask({ type: "session.update", session: { type: "realtime", audio: { input } } });
  let turns = 0;
  while (client.closed === undefined) {
    await client.speak(TURN);
    const frames = await client.wait(MINUTE_MS - (turns === 0 ? 10 : 0));
    if (client.closed !== undefined) break;
    const { id } = frames.find(({ type }) => type === "response.output_item.done")?.item as { id: string };
    await client.ask({ type: "conversation.item.delete", item_id: id });
    // One response for the turn, and one for the silence that follows it.
    const types = typesOf(frames).filter((type) => type.startsWith("response.created") || type.includes("timeout"));
    assertEquals(types, ["response.created", "input_audio_buffer.timeout_triggered", "response.created"]);
    const heard = frames.find(({ type }) => type.endsWith("transcription.completed"));
    assertEquals(heard?.transcript, `This is minute ${turns}.`);
    turns++;
  }
  assertEquals(turns, 59);
  assertEquals(client.clock.now(), 60 * MINUTE_MS);
  assertObjectMatch(client.closed, { code: 1001, reason: "Your session hit the maximum duration of 60 minutes." });
  assertEquals(client.clock.pending, 0);
  assert(client.received.filter(({ type }) => type === "response.done").length >= 2 * turns);
  client.simulator.assertExpectations();
});
