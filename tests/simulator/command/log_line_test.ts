import { assert, assertEquals } from "@std/assert";
import { logLine } from "../../../examples/simulator/log_line.ts";

const AUDIO = "A".repeat(5000);

Deno.test("logLine() shortens audio in any JSON spelling, and returns one line", () => {
  const event = { type: "input_audio_buffer.append", audio: AUDIO };
  for (const data of [JSON.stringify(event), JSON.stringify(event, null, 2), `{ "audio" : "${AUDIO}" }`]) {
    const line = logLine({ sessionId: "sess_1", from: "client", data });
    assert(line.length < 200, line);
    assert(line.startsWith("sess_1 <- {") && !line.includes("\n"), line);
    assert(line.includes(`"audio":"${"A".repeat(80)}…"`), line);
  }
});

Deno.test("logLine() prints text as it is, binary frames by length, and other text on one line", () => {
  const delta = JSON.stringify({ type: "response.output_text.delta", delta: "Hello" });
  assertEquals(logLine({ sessionId: undefined, from: "server", data: delta }), `refused -> ${delta}`);
  const bytes = logLine({ sessionId: "s", from: "client", data: new Uint8Array(7) });
  assertEquals(bytes, "s <- 7 bytes in a binary frame");
  assertEquals(logLine({ sessionId: "s", from: "client", data: "not\nJSON" }), 's <- "not\\nJSON"');
});
