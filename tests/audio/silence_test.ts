import { assertEquals } from "@std/assert";
import { decodeG711 } from "../../src/audio/g711.ts";
import { silence } from "../../src/audio/silence.ts";

Deno.test("silence() has the requested length, and is silent", () => {
  assertEquals(silence(500), new Uint8Array(24_000));
  assertEquals(silence(10, { sampleRate: 48_000, channels: 2 }), new Uint8Array(1_920));
  assertEquals(decodeG711(silence(20, { format: "audio/pcmu" }), "audio/pcmu"), new Int16Array(160));
  // A-law has no zero: 8 is as near as it comes.
  assertEquals(decodeG711(silence(20, { format: "audio/pcma" }), "audio/pcma"), new Int16Array(160).fill(8));
});
