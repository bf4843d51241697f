import { assertEquals } from "@std/assert";
import { cutLine, logFrames, MAX_LOGGED_BYTES } from "../../../src/session/log_frames.ts";

Deno.test("logFrames() writes one line per frame", () => {
  const lines: string[] = [];
  const tap = logFrames({ debug: (line) => lines.push(line) });
  tap({ atMs: 12.4, direction: "sent", frame: "{}" });
  tap({ atMs: 13, direction: "received", frame: "x".repeat(2000) });
  assertEquals(lines, ["12 ms sent {}", `13 ms received ${"x".repeat(MAX_LOGGED_BYTES)}… (976 more bytes)`]);
});

Deno.test("cutLine() cuts between characters and reports the remaining bytes", () => {
  assertEquals(cutLine("é".repeat(512)), "é".repeat(512));
  // The last character that begins within 1,024 bytes ends beyond.
  assertEquals(cutLine(`a${"é".repeat(512)}`), `a${"é".repeat(511)}… (2 more bytes)`);
  assertEquals(cutLine(`ab${"😀".repeat(300)}`), `ab${"😀".repeat(255)}… (180 more bytes)`);
});
